package io.switchboard.engine.marathon;

import io.switchboard.marathon.simulator.Answer;
import io.switchboard.marathon.simulator.MarathonSimulator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Calls of a simulated Marathon without a network; events are told to whoever subscribes with the simulator. */
final class DirectTransport implements Transport {

    private final MarathonSimulator marathon;

    DirectTransport(MarathonSimulator marathon) {
        this.marathon = marathon;
    }

    @Override
    public Reply send(String method, String target, byte[] body) {
        try {
            Answer answer = marathon.call(method, target, Map.of(), new String(body, StandardCharsets.UTF_8));
            if (answer.status() == 502) {
                throw new WireFailure("there is no leader", true, null);
            }
            return new Reply(answer.status(), answer.body());
        } catch (IOException e) {
            throw new WireFailure(String.valueOf(e.getMessage()), true, e);
        }
    }

    @Override
    public boolean answers() {
        return marathon.isLed();
    }

    @Override
    public InputStream events(String target) {
        throw new WireFailure("events come directly", false, null);
    }

    @Override
    public void close() {}
}
