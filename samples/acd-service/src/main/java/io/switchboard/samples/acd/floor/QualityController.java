package io.switchboard.samples.acd.floor;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * How well this task has served since it started; every figure only grows. The platform compares new tasks with old
 * ones by them before it replaces the old ones.
 *
 * <p>Requests are those of the meter {@code http.server.requests}, without the platform's own questions.
 */
@RestController
@RequestMapping("/switchboard/quality")
class QualityController {

    private final Floor floor;
    private final MeterRegistry meters;

    QualityController(Floor floor, MeterRegistry meters) {
        this.floor = floor;
        this.meters = meters;
    }

    @GetMapping
    QualityView quality() {
        long requests = 0;
        long failed = 0;
        double seconds = 0;
        for (var timer : meters.find("http.server.requests").timers()) {
            if (asksThePlatform(timer)) {
                continue;
            }
            long count = timer.count();
            requests += count;
            failed += "SERVER_ERROR".equals(timer.getId().getTag("outcome")) ? count : 0;
            seconds += timer.totalTime(TimeUnit.SECONDS);
        }
        var calls = floor.statistics();
        return new QualityView(requests, failed, seconds, calls.offered(), calls.failed());
    }

    private static boolean asksThePlatform(Timer timer) {
        var uri = String.valueOf(timer.getId().getTag("uri"));
        return uri.startsWith("/switchboard/") || uri.startsWith("/actuator/");
    }

    /**
     * @param failedRequests of these, answered with 5xx
     * @param requestSeconds time spent on all of them
     * @param callSetups calls offered over either port
     * @param failedCallSetups of these, not set up though the caller did nothing wrong
     */
    record QualityView(
            long requests, long failedRequests, double requestSeconds, long callSetups, long failedCallSetups) {}
}
