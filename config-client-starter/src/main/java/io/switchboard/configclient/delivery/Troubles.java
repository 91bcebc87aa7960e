package io.switchboard.configclient.delivery;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Says in the log what is wrong: once when it begins, once when it is over, and in between, as something tries again and again, only
 * to those who look closer. Used by any thread.
 */
final class Troubles {

    private static final Log log = LogFactory.getLog(Troubles.class);

    /** What was said of each, since all was well with it. */
    private final Map<Object, Set<String>> said = new HashMap<>();

    /**
     * @param what it is with, as a key
     * @param message without values; another one tells of another cause
     */
    synchronized void with(Object what, String message) {
        if (said.computeIfAbsent(what, none -> new HashSet<>()).add(message)) {
            log.warn(message);
        } else {
            log.debug("Still so: " + message);
        }
    }

    /** @param message said if there was any trouble with it until now */
    synchronized void over(Object what, Supplier<String> message) {
        if (said.remove(what) != null) {
            log.info(message.get());
        }
    }
}
