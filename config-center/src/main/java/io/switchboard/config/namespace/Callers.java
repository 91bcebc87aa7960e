package io.switchboard.config.namespace;

import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.identity.Role;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which namespace a caller means, and who that is. */
final class Callers {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private static final Duration OVERLAP = Duration.ofDays(7);
    private static final Duration LONGEST_OVERLAP = Duration.ofDays(90);

    private Callers() {}

    /** The tenant is the credential's; operators and services have none and name one with {@code tenant}. */
    static NamespacePath namespace(
            @Nullable Caller caller, @Nullable String tenant, String application, String stage, String namespace) {
        return namespace(tenant(caller, tenant), application, stage, namespace);
    }

    /** What is a stage's is asked for by any of its namespaces. */
    static NamespacePath stage(@Nullable Caller caller, @Nullable String tenant, String application, String stage) {
        return namespace(caller, tenant, application, stage, NamespacePath.DEFAULT_NAMESPACE);
    }

    /** What is an application's is asked for by any of its namespaces. */
    static NamespacePath application(@Nullable Caller caller, @Nullable String tenant, String application) {
        return stage(caller, tenant, application, "any");
    }

    /** @throws Problem {@link RequestProblem#INVALID_REQUEST} for an id that callers may not choose */
    static void checkId(String id) {
        if (!ID.matcher(id).matches()) {
            throw RequestProblem.invalid(
                    "id",
                    "must be letters, digits, dots, dashes and underscores, at most 63, starting with a letter or digit");
        }
    }

    /** How long keys that are replaced stay valid. */
    static Duration overlap(@Nullable Duration wanted) {
        if (wanted == null) {
            return OVERLAP;
        }
        if (wanted.isNegative() || wanted.compareTo(LONGEST_OVERLAP) > 0) {
            throw RequestProblem.invalid("overlap", "must be a duration from PT0S to P90D");
        }
        return wanted;
    }

    /** @throws Problem {@link ConfigProblem#INVALID_NAME} for a part that is no name */
    static NamespacePath namespace(
            @Nullable String tenant, @Nullable String application, @Nullable String stage, String namespace) {
        try {
            return new NamespacePath(
                    Objects.requireNonNullElse(tenant, ""),
                    Objects.requireNonNullElse(application, ""),
                    Objects.requireNonNullElse(stage, ""),
                    namespace);
        } catch (IllegalArgumentException e) {
            String why = String.valueOf(e.getMessage());
            throw new Problem(
                    ConfigProblem.INVALID_NAME,
                    "The " + why + ".",
                    Map.of("field", why.substring(0, why.indexOf(' '))));
        }
    }

    /** The credential's tenant; operators and services have none and name one. */
    static String tenant(@Nullable Caller caller, @Nullable String named) {
        return own(known(caller), named);
    }

    private static String own(Caller caller, @Nullable String named) {
        if (caller.tenant().isPresent()) {
            String own = caller.tenant().get();
            if (named != null && !named.equals(own)) {
                throw new Problem(RequestProblem.NOT_FOUND, "There is no such tenant.");
            }
            return own;
        }
        if (!caller.is(Role.OPERATOR) && !caller.is(Role.SERVICE)) {
            throw new Problem(RequestProblem.FORBIDDEN, "The credential belongs to no tenant.");
        }
        if (named == null) {
            throw new Problem(ConfigProblem.TENANT_MISSING, "The credential belongs to no tenant.");
        }
        return named;
    }

    /** Whose work it is: by an API key, that of the user whose key it is. */
    static String author(@Nullable Caller caller) {
        return known(caller).person();
    }

    /** Who the audit names. */
    static String actor(@Nullable Caller caller) {
        Caller known = known(caller);
        return known.user().isEmpty() ? known.subject() : known.person() + " by " + known.subject();
    }

    static Caller known(@Nullable Caller caller) {
        return Objects.requireNonNull(caller, "the resolver gives one or refuses");
    }
}
