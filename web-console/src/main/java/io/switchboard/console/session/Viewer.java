package io.switchboard.console.session;

import io.switchboard.contracts.identity.Role;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;

/**
 * The person who looks at the page.
 *
 * @param name as signed in with
 * @param tenant the tenant the person belongs to; empty for operators
 */
public record Viewer(String name, Optional<String> tenant, Set<Role> roles) {

    public Viewer {
        roles = Set.copyOf(roles);
    }

    /** Who is signed in on this thread; empty if nobody is. */
    public static Optional<Viewer> current() {
        return signedIn(SecurityContextHolder.getContext().getAuthentication());
    }

    public boolean isOperator() {
        return roles.contains(Role.OPERATOR);
    }

    /** What to name as {@code tenant} when asking for something of the given owner: a tenant never names itself. */
    public Optional<String> naming(String owner) {
        return isOperator() ? Optional.of(owner) : Optional.empty();
    }

    private static Optional<Viewer> signedIn(@Nullable Authentication authentication) {
        if (authentication == null || !(authentication.getPrincipal() instanceof OidcUser user)) {
            return Optional.empty();
        }
        return Optional.of(
                new Viewer(user.getName(), Optional.ofNullable(user.getClaimAsString("tenant")), roles(user)));
    }

    private static Set<Role> roles(OidcUser user) {
        return rolesIn(user.getClaims().get("roles"));
    }

    /** Roles named by a claim's value; a name that isn't known gives no right. */
    static Set<Role> rolesIn(@Nullable Object claim) {
        Collection<?> names = claim instanceof Collection<?> many ? many : List.of();
        return names.stream().flatMap(Viewer::role).collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<Role> role(Object name) {
        return Stream.of(Role.values())
                .filter(role -> role.name().toLowerCase(Locale.ROOT).equals(name));
    }
}
