package io.switchboard.image.registry;

import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.image.registry.RegistryEvent.Action;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Where the registry reports what happened to it. */
@RestController
class NotificationsController {

    static final String PATH = "/registry/notifications";

    private final byte[] expected;
    private final JsonMapper json;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    NotificationsController(NotificationToken token, JsonMapper json, ApplicationEventPublisher events, Clock clock) {
        this.expected = ("Bearer " + token.value()).getBytes(StandardCharsets.UTF_8);
        this.json = json;
        this.events = events;
        this.clock = clock;
    }

    @PostMapping(PATH)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void report(
            @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String authorization,
            @RequestBody byte[] body) {
        var given = authorization == null ? "" : authorization;
        if (!MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8))) {
            throw new Problem(RequestProblem.UNAUTHENTICATED, "Only the registry reports here.");
        }
        try {
            json.readTree(body)
                    .path("events")
                    .valueStream()
                    .flatMap(this::event)
                    .forEach(events::publishEvent);
        } catch (JacksonException e) {
            throw new Problem(RequestProblem.MALFORMED_BODY, "The report is not JSON.");
        }
    }

    private Stream<RegistryEvent> event(JsonNode event) {
        var target = event.path("target");
        var repository = target.path("repository").asString("");
        var digest = target.path("digest").asString("");
        var type = target.path("mediaType").asString("");
        var actor = Optional.of(event.path("actor").path("name").asString("")).filter(name -> !name.isEmpty());
        if (repository.isEmpty() || digest.isEmpty()) {
            return Stream.empty();
        }
        return switch (event.path("action").asString("")) {
            // Layers are reported too; an image is there once its manifest is.
            case "push" ->
                Manifest.isManifest(type)
                        ? Stream.of(new RegistryEvent(Action.PUSH, repository, digest, actor, clock.instant()))
                        : Stream.empty();
            case "delete" -> Stream.of(new RegistryEvent(Action.DELETE, repository, digest, actor, clock.instant()));
            default -> Stream.empty();
        };
    }
}
