package io.switchboard.contracts.problem;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.joining;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be wrong with any request to any service. */
public final class RequestProblem {

    public static final ProblemCode MALFORMED_BODY =
            new ProblemCode("MALFORMED_BODY", 400, "Send a body that is well-formed JSON.");
    public static final ProblemCode MALFORMED_REQUEST = new ProblemCode(
            "MALFORMED_REQUEST",
            400,
            "Correct the path: no '%00', '%2f', ';' or '//', and nothing but what a URI may hold.");
    public static final ProblemCode INVALID_REQUEST =
            new ProblemCode("INVALID_REQUEST", 400, "Correct the fields named in 'errors' and send the request again.");
    public static final ProblemCode UNKNOWN_FIELD =
            new ProblemCode("UNKNOWN_FIELD", 400, "Remove the field, or correct its spelling.");
    public static final ProblemCode UNAUTHENTICATED = new ProblemCode(
            "UNAUTHENTICATED", 401, "Get an access token from the issuer and send it as 'Authorization: Bearer'.");
    public static final ProblemCode FORBIDDEN =
            new ProblemCode("FORBIDDEN", 403, "Use a credential with the role that this call needs.");
    public static final ProblemCode NOT_FOUND = new ProblemCode(
            "NOT_FOUND", 404, "Check the address and the id; what another tenant owns is not found either.");
    public static final ProblemCode METHOD_NOT_ALLOWED =
            new ProblemCode("METHOD_NOT_ALLOWED", 405, "Use one of the methods in the 'Allow' header.");
    public static final ProblemCode NOT_ACCEPTABLE =
            new ProblemCode("NOT_ACCEPTABLE", 406, "Send an 'Accept' that allows what 'detail' names.");
    public static final ProblemCode CONFLICT =
            new ProblemCode("CONFLICT", 409, "Read the current state, then decide again.");
    public static final ProblemCode BODY_TOO_LARGE =
            new ProblemCode("BODY_TOO_LARGE", 413, "Send a smaller body; the limit is named in 'detail'.");
    public static final ProblemCode UNSUPPORTED_MEDIA_TYPE =
            new ProblemCode("UNSUPPORTED_MEDIA_TYPE", 415, "Send the 'Content-Type' that 'detail' names.");
    public static final ProblemCode TOO_MANY_REQUESTS =
            new ProblemCode("TOO_MANY_REQUESTS", 429, "Wait as long as 'Retry-After' says, then repeat the call.");
    public static final ProblemCode UNAVAILABLE =
            new ProblemCode("UNAVAILABLE", 503, "Wait as long as 'Retry-After' says, then repeat the same call.");
    public static final ProblemCode DEFECT =
            new ProblemCode("DEFECT", 500, "Report the request id to the operator of this platform.");

    /** A sentence stays readable; all of them are in {@code errors}. */
    private static final int MOST_NAMED = 10;

    private RequestProblem() {}

    /**
     * One entry of {@code errors}.
     *
     * @param message what it must be, to be read after the field's name: {@code must be 1 to 200}
     */
    public record FieldProblem(String field, String message) {}

    /** Of one field or parameter, see {@link FieldProblem}. */
    public static Problem invalid(String field, String message) {
        return invalid(List.of(new FieldProblem(field, message)));
    }

    /** @param found in any order; the same mistakes read the same each time */
    public static Problem invalid(Collection<FieldProblem> found) {
        var errors = found.stream()
                .sorted(comparing(FieldProblem::field).thenComparing(FieldProblem::message))
                .toList();
        var named = errors.stream()
                .limit(MOST_NAMED)
                .map(error -> error.field() + " " + error.message())
                .collect(joining("; ", ": ", errors.size() > MOST_NAMED ? "; and others." : "."));
        return new Problem(
                INVALID_REQUEST,
                errors.size() + (errors.size() == 1 ? " field is" : " fields are") + " not valid" + named,
                Map.of("errors", errors));
    }

    /**
     * How many entries a caller wants at once.
     *
     * @param asked 1 to {@code most}; {@code usual} if absent
     * @throws Problem {@link #INVALID_REQUEST} naming the parameter
     */
    public static int entries(String parameter, @Nullable Integer asked, int usual, int most) {
        int entries = asked == null ? usual : asked;
        if (entries < 1 || entries > most) {
            throw invalid(parameter, "must be 1 to " + most);
        }
        return entries;
    }
}
