package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.delivery.Coordinates;
import io.switchboard.configprotocol.NamespacePath;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.config.ConfigDataLocation;
import org.springframework.boot.context.config.ConfigDataLocationNotFoundException;
import org.springframework.boot.context.config.ConfigDataLocationResolver;
import org.springframework.boot.context.config.ConfigDataLocationResolverContext;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.Ordered;

/** Resolves {@code switchboard:} and {@code switchboard:<namespace>}. */
final class NamespaceLocationResolver implements ConfigDataLocationResolver<NamespaceResource>, Ordered {

    private static final String PREFIX = "switchboard:";

    /** Each start has a resolver of its own. */
    private final StartImports all = new StartImports();

    /** Before the resolver of files, which takes anything. */
    @Override
    public int getOrder() {
        return -1;
    }

    @Override
    public boolean isResolvable(ConfigDataLocationResolverContext context, ConfigDataLocation location) {
        return location.hasPrefix(PREFIX);
    }

    @Override
    public List<NamespaceResource> resolve(ConfigDataLocationResolverContext context, ConfigDataLocation location) {
        Optional<Coordinates> coordinates = coordinates(context.getBinder());
        if (coordinates.isEmpty()) {
            if (location.isOptional()) {
                return List.of();
            }
            throw new ConfigDataLocationNotFoundException(
                    location,
                    "'" + location + "' is imported but none of the properties " + SwitchboardConfigProperties.PREFIX
                            + ".zookeeper, tenant, application, stage, user, secret is set",
                    null);
        }
        String name = location.getNonPrefixedValue(PREFIX);
        NamespacePath path = coordinates.get().path(name.isEmpty() ? NamespacePath.DEFAULT_NAMESPACE : name);
        all.add(path);
        return List.of(new NamespaceResource(coordinates.get(), path, location.isOptional(), all));
    }

    static Optional<Coordinates> coordinates(Binder binder) {
        Optional<String> taskId = Optional.ofNullable(
                binder.bind("switchboard.task-id", String.class).orElse(null));
        return binder.bindOrCreate(SwitchboardConfigProperties.PREFIX, SwitchboardConfigProperties.class)
                .coordinates(taskId);
    }
}
