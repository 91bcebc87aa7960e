package io.switchboard.config.backup;

import io.switchboard.configprotocol.NamespacePath;
import java.util.Comparator;

/**
 * Where an entry belongs. All names are checked, so that it is a node of ours whatever a file says.
 *
 * @param application empty for what is a tenant's
 * @param stage empty also for what is an application's
 * @param namespace empty also for what is a stage's
 * @param name empty where there is one only
 */
record Address(Place place, String tenant, String application, String stage, String namespace, String name)
        implements Comparable<Address> {

    private static final Comparator<Address> ORDER = Comparator.comparing(Address::tenant)
            .thenComparing(Address::application)
            .thenComparing(Address::stage)
            .thenComparing(Address::namespace)
            .thenComparing(Address::place)
            .thenComparingLong(Address::number)
            .thenComparing(Address::name);

    /** @throws IllegalArgumentException without what was given */
    Address {
        boolean ofTenant = place.owner() == Place.Owner.TENANT;
        boolean ofApplication = place.owner() == Place.Owner.APPLICATION;
        boolean ofNamespace = place.owner() == Place.Owner.NAMESPACE;
        check(ofTenant == application.isEmpty());
        check((ofTenant || ofApplication) == stage.isEmpty());
        check(ofNamespace != namespace.isEmpty());
        check(place.allows(name));
        path(tenant, application, stage, namespace);
    }

    private static void check(boolean right) {
        if (!right) {
            throw new IllegalArgumentException("names that don't fit the kind of entry");
        }
    }

    /** Of a tenant's entry. */
    static Address of(Place place, String tenant, String name) {
        return new Address(place, tenant, "", "", "", name);
    }

    /**
     * Of an entry of what the path has, as far as the place looks at it.
     *
     * @param name empty where there is one only
     */
    static Address of(Place place, NamespacePath path, String name) {
        Place.Owner owner = place.owner();
        return new Address(
                place,
                path.tenant(),
                path.application(),
                owner == Place.Owner.APPLICATION ? "" : path.stage(),
                owner == Place.Owner.NAMESPACE ? path.namespace() : "",
                name);
    }

    /** The namespace, or any of what it belongs to. */
    NamespacePath path() {
        return path(tenant, application, stage, namespace);
    }

    private static NamespacePath path(String tenant, String application, String stage, String namespace) {
        return new NamespacePath(
                tenant,
                application.isEmpty() ? "any" : application,
                stage.isEmpty() ? "any" : stage,
                namespace.isEmpty() ? NamespacePath.DEFAULT_NAMESPACE : namespace);
    }

    String node() {
        return place.node(this);
    }

    /** Of a release; 0 for what isn't numbered. */
    long number() {
        return place.isNumbered() ? Long.parseLong(name) : 0;
    }

    @Override
    public int compareTo(Address other) {
        return ORDER.compare(this, other);
    }
}
