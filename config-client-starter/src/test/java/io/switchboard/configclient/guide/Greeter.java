package io.switchboard.configclient.guide;

import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

@Component
class Greeter {

    @Value("${greeting.pause:2s}")
    private volatile Duration pause = Duration.ZERO;

    private volatile String text = "";

    @Value("${greeting.text:Hello}")
    void setText(String text) {
        this.text = text.strip();
    }

    String greeting() {
        return "after " + pause.toSeconds() + " s: " + text;
    }
}
