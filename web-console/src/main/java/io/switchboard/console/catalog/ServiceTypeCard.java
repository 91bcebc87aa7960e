package io.switchboard.console.catalog;

import io.switchboard.contracts.ordering.CatalogApi.Plan;
import io.switchboard.contracts.ordering.CatalogApi.ServiceType;
import io.switchboard.contracts.scheduling.PortSpec;
import java.util.List;

/**
 * A service type as the catalog page shows it.
 *
 * @param available whether it can be ordered: it can't while no image is pinned or it has no plan
 * @param callsPerTask calls at once that one task was measured to carry
 */
record ServiceTypeCard(
        String name,
        String title,
        String description,
        boolean available,
        boolean imagePinned,
        int callsPerTask,
        List<String> ports,
        List<Plan> plans) {

    static ServiceTypeCard of(ServiceType type) {
        boolean pinned = type.image().isPresent();
        return new ServiceTypeCard(
                type.name(),
                type.title(),
                type.description(),
                pinned && !type.plans().isEmpty(),
                pinned,
                type.consumption().maxCallsPerTask(),
                type.ports().stream().map(ServiceTypeCard::words).toList(),
                type.plans());
    }

    private static String words(PortSpec port) {
        return port.name() + " (" + port.protocol() + (port.balanced() ? ")" : " × " + port.count() + ")");
    }
}
