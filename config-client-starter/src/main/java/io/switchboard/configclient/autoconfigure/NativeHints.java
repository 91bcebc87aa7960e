package io.switchboard.configclient.autoconfigure;

import io.switchboard.configprotocol.SpringMetadata;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;
import org.springframework.util.ClassUtils;

/** What a native image has to keep, as it is asked for by name. */
final class NativeHints implements RuntimeHintsRegistrar {

    /** Made by ZooKeeper's client. */
    private static final String SOCKET = "org.apache.zookeeper.ClientCnxnSocketNIO";

    /** Asked for the application's health, and told ours: in Spring Boot 4 and in 3.5. */
    private static final List<String> HEALTH = List.of(
            "org.springframework.boot.health.actuate.endpoint.HealthEndpoint",
            "org.springframework.boot.health.actuate.endpoint.HealthDescriptor",
            "org.springframework.boot.actuate.health.HealthEndpoint",
            "org.springframework.boot.actuate.health.HealthComponent",
            Boot3HealthRegistrar.HEALTH,
            Boot3HealthRegistrar.BUILDER);

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader loader) {
        BindableRuntimeHintsRegistrar.forTypes(SwitchboardConfigProperties.class)
                .registerHints(hints);
        hints.reflection().registerTypeIfPresent(loader, SOCKET, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
        HEALTH.forEach(
                type -> hints.reflection().registerTypeIfPresent(loader, type, MemberCategory.INVOKE_PUBLIC_METHODS));
        if (ClassUtils.isPresent(Boot3HealthRegistrar.INDICATOR, loader)) {
            hints.proxies().registerJdkProxy(TypeReference.of(Boot3HealthRegistrar.INDICATOR));
        }
        hints.resources().registerPattern(SpringMetadata.FILE);
    }
}
