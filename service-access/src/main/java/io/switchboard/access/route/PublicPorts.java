package io.switchboard.access.route;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * Public TCP ports to give away: some tenants have a range of their own, all others share what is left.
 *
 * @param all where balancers listen
 * @param own ranges by tenant, within {@code all}, of which none overlaps another
 */
public record PublicPorts(PortRange all, Map<String, PortRange> own) {

    /** @throws IllegalArgumentException if a tenant's range reaches beyond all, or into another's */
    public PublicPorts {
        own = Map.copyOf(own);
        var sorted = new TreeMap<>(own);
        sorted.forEach((tenant, range) -> {
            if (!all.contains(range.first()) || !all.contains(range.last())) {
                throw new IllegalArgumentException(
                        "ports of tenant " + tenant + " must be within " + all + " but were " + range);
            }
            sorted.tailMap(tenant, false).forEach((other, otherRange) -> {
                if (range.first() <= otherRange.last() && otherRange.first() <= range.last()) {
                    throw new IllegalArgumentException("ports of tenants " + tenant + " and " + other
                            + " must not overlap but were " + range + " and " + otherRange);
                }
            });
        });
    }

    /** Shared by everybody. */
    public PublicPorts(PortRange all) {
        this(all, Map.of());
    }

    /** Where a tenant gets its ports. */
    public List<PortRange> of(String tenant) {
        var range = own.get(tenant);
        return range == null
                ? all.without(port -> own.values().stream().anyMatch(each -> each.contains(port)))
                : List.of(range);
    }

    /** In words. */
    public String text(String tenant) {
        return String.join(", ", of(tenant).stream().map(PortRange::toString).toList());
    }

    /**
     * A free port for this port of this tenant's instance; empty if all of its ranges are taken.
     *
     * @see PortRange#choose
     */
    OptionalInt choose(String tenant, UUID instanceId, String port, IntPredicate taken) {
        return of(tenant).stream()
                .flatMap(range -> Stream.of(range.choose(instanceId, port, taken)))
                .filter(OptionalInt::isPresent)
                .findFirst()
                .orElse(OptionalInt.empty());
    }
}
