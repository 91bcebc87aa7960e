package io.switchboard.samples.acd.floor;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * How the platform empties a task before it stops it.
 *
 * <p>Readiness stays as it is while draining: the balancer has been told already, and an engine that saw a task fail
 * its health check would replace it, together with the calls that are to finish.
 */
@RestController
@RequestMapping("/switchboard/drain")
class DrainController {

    private final Floor floor;

    DrainController(Floor floor) {
        this.floor = floor;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    DrainView drain() {
        floor.drain();
        return state();
    }

    @GetMapping
    DrainView state() {
        var now = floor.statistics();
        return new DrainView(floor.draining(), now.activeCalls(), now.meanCallSeconds());
    }

    /**
     * @param activeCalls queued, ringing or talking; at 0 a draining task can be stopped without loss
     * @param meanCallSeconds how long calls took that ended since the start; left out before the first
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record DrainView(boolean draining, int activeCalls, Optional<Double> meanCallSeconds) {}
}
