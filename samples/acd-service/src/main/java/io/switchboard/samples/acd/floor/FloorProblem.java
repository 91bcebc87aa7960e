package io.switchboard.samples.acd.floor;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** A request that the floor can't carry out now, as {@code application/problem+json} with a {@code code}. */
final class FloorProblem extends ErrorResponseException {

    private static final long serialVersionUID = 1L;

    private FloorProblem(HttpStatus status, String code, String detail, Optional<Duration> retryAfter) {
        super(status, problem(status, code, detail), null);
        retryAfter.ifPresent(wait -> getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(wait.toSeconds())));
    }

    static FloorProblem noSuchCall(Object id) {
        return new FloorProblem(
                HttpStatus.NOT_FOUND,
                "CALL_NOT_FOUND",
                "This task has no call " + id + "; calls live in the task that took them.",
                Optional.empty());
    }

    static FloorProblem notRinging(Call call) {
        return new FloorProblem(
                HttpStatus.CONFLICT,
                "CALL_NOT_RINGING",
                "Only a ringing call can be answered; this one is "
                        + call.state().kind() + ".",
                Optional.empty());
    }

    static FloorProblem draining() {
        return new FloorProblem(
                HttpStatus.SERVICE_UNAVAILABLE,
                "DRAINING",
                "This task takes no new calls because it is about to stop; another one will.",
                Optional.of(Duration.ofSeconds(1)));
    }

    static FloorProblem notThePlatform() {
        var problem = new FloorProblem(
                HttpStatus.UNAUTHORIZED,
                "UNAUTHENTICATED",
                "Only the platform asks this, with the task's secret as a bearer token.",
                Optional.empty());
        problem.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        return problem;
    }

    static FloorProblem queueFull(Offer.QueueFull full) {
        return new FloorProblem(
                HttpStatus.TOO_MANY_REQUESTS,
                "QUEUE_FULL",
                "All " + full.limit() + " places in the queue for '" + full.skill() + "' are taken.",
                Optional.of(Duration.ofSeconds(10)));
    }

    private static ProblemDetail problem(HttpStatus status, String code, String detail) {
        var problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(URI.create("urn:switchboard:acd:" + code.toLowerCase(Locale.ROOT)));
        problem.setProperty("code", code);
        return problem;
    }
}
