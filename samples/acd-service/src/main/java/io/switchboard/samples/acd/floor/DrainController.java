package io.switchboard.samples.acd.floor;

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
        return new DrainView(floor.draining(), floor.statistics().activeCalls());
    }

    /** @param activeCalls queued, ringing or talking; at 0 a draining task can be stopped without loss */
    record DrainView(boolean draining, int activeCalls) {}
}
