package io.switchboard.console.remote;

import io.switchboard.contracts.problem.RequestProblem;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A service's answer that it could not do what was asked, or its silence. */
public final class RemoteProblem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final String remedy;
    private final transient Optional<String> requestId;
    private final transient List<FieldFault> faults;

    RemoteProblem(
            int status,
            String code,
            String detail,
            String remedy,
            Optional<String> requestId,
            List<FieldFault> faults) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
        this.remedy = remedy;
        this.requestId = requestId;
        this.faults = List.copyOf(faults);
    }

    /** A service that gave no answer. */
    static RemoteProblem silence(String service) {
        return new RemoteProblem(
                503,
                RequestProblem.UNAVAILABLE.name(),
                "The service '" + service + "' gave no answer.",
                "Try again in a moment; what it runs is not touched by this.",
                Optional.empty(),
                List.of());
    }

    /** An answer that was no problem document, from a proxy for example, still has a status. */
    static RemoteProblem of(int status, String service, Map<String, Object> members) {
        return new RemoteProblem(
                status,
                text(members, "code").orElse("STATUS_" + status),
                text(members, "detail").orElse("The service '" + service + "' answered with status " + status + "."),
                text(members, "remedy").orElse("Try again in a moment."),
                text(members, "requestId"),
                faults(members));
    }

    public int status() {
        return status;
    }

    public boolean isConflict() {
        return status == RequestProblem.CONFLICT.status();
    }

    public boolean isNotFound() {
        return status == RequestProblem.NOT_FOUND.status();
    }

    /** Whether the request itself was refused, so that nothing was stored. */
    public boolean isRefusal() {
        return status < 500 && status != RequestProblem.TOO_MANY_REQUESTS.status();
    }

    public String code() {
        return code;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public String remedy() {
        return remedy;
    }

    public Optional<String> requestId() {
        return requestId;
    }

    /** What is wrong with single fields; empty if the problem is not about fields. */
    public List<FieldFault> faults() {
        return faults;
    }

    private static List<FieldFault> faults(Map<String, Object> members) {
        Stream<FieldFault> listed = members.get("errors") instanceof List<?> errors
                ? errors.stream().flatMap(RemoteProblem::fault)
                : Stream.empty();
        Stream<FieldFault> single = text(members, "field")
                .map(field -> new FieldFault(
                        FieldFault.path(field), text(members, "detail").orElse("")))
                .stream();
        return Stream.concat(listed, single).toList();
    }

    private static Stream<FieldFault> fault(Object error) {
        if (!(error instanceof Map<?, ?> members)) {
            return Stream.empty();
        }
        String field = first(members, "field", "pointer", "path").orElse("");
        return first(members, "message", "detail").stream()
                .map(message -> new FieldFault(FieldFault.path(field), message));
    }

    private static Optional<String> first(Map<?, ?> members, String... names) {
        return Stream.of(names)
                .map(members::get)
                .filter(Objects::nonNull)
                .map(String::valueOf)
                .findFirst();
    }

    private static Optional<String> text(Map<String, Object> members, String name) {
        @Nullable Object value = members.get(name);
        return value instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
    }

    /**
     * One field that a request was refused for.
     *
     * @param field its path in the body with dots, for example {@code loadProfile.agents}; empty if it has none
     * @param message what is wrong with it, in plain words
     */
    public record FieldFault(String field, String message) {

        /** JSON pointers and property paths both become a path with dots. */
        static String path(String field) {
            String path = field.startsWith("#") ? field.substring(1) : field;
            path = path.startsWith("$.") ? path.substring(2) : path;
            path = path.startsWith("/") ? path.substring(1) : path;
            return path.replace('/', '.');
        }
    }
}
