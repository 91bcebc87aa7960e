package io.switchboard.image.token;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Who holds a credential, as far as images are concerned. */
sealed interface Holder {

    /** Pulls and pushes its own images, pulls the platform's. */
    record Tenant(String name) implements Holder {}

    /** Does everything. */
    record Operator() implements Holder {}

    /** Pulls one repository. */
    record Puller(String repository) implements Holder {}

    /** What was asked for and is allowed; less than asked for is no error, and nothing at all is left out. */
    default List<Access> grant(List<Scope> asked) {
        return asked.stream()
                .map(scope -> {
                    var actions = new TreeSet<>(scope.actions());
                    actions.retainAll(allowed(scope));
                    return new Access(scope.type(), scope.name(), List.copyOf(actions));
                })
                .filter(access -> !access.actions().isEmpty())
                .toList();
    }

    private Set<String> allowed(Scope scope) {
        return switch (scope.type()) {
            case "repository" -> allowedIn(scope.name());
            case "registry" ->
                this instanceof Operator && scope.name().equals("catalog") ? Set.of("*") : Set.<String>of();
            default -> Set.of();
        };
    }

    private Set<String> allowedIn(String repository) {
        return switch (this) {
            case Operator operator -> Set.of("pull", "push", "delete", "*");
            case Puller puller -> repository.equals(puller.repository()) ? Set.of("pull") : Set.<String>of();
            case Tenant tenant -> {
                var owner = Owner.of(repository);
                if (owner.equals(Owner.PLATFORM)) {
                    yield Set.of("pull");
                }
                // No delete: a deployment that runs may need any of its tenant's digests again.
                yield owner.isTenant(tenant.name()) ? Set.of("pull", "push") : Set.<String>of();
            }
        };
    }
}
