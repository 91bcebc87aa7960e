package io.switchboard.engine.marathon;

import java.io.InputStream;

/** How calls reach Marathon. */
interface Transport extends AutoCloseable {

    /** @param body empty for none */
    record Reply(int status, String body) {}

    /**
     * @param target path and query
     * @param body empty for none
     * @throws WireFailure if there is no answer, or only that there is no leader
     */
    Reply send(String method, String target, byte[] body);

    /** Whether a leader answers, found out within about a second. */
    boolean answers();

    /**
     * An open event stream. The caller closes it, also to end a read that waits.
     *
     * @throws WireFailure if there is none to be had
     */
    InputStream events(String target);

    @Override
    void close();
}
