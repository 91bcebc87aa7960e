package io.switchboard.configclient.autoconfigure;

import io.switchboard.configprotocol.ClientReport.Health;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.beans.factory.BeanFactory;

/**
 * The application's health as Actuator tells it. Its endpoint has another type in Spring Boot 4 than in 3.5, with methods of
 * the same names, so it is asked by name.
 */
final class ActuatorHealth implements Supplier<Health> {

    private static final String ENDPOINT = "healthEndpoint";
    private static final Set<String> ILL = Set.of("DOWN", "OUT_OF_SERVICE");

    private final BeanFactory beans;

    ActuatorHealth(BeanFactory beans) {
        this.beans = beans;
    }

    /** {@code UNKNOWN} without Actuator, and if it doesn't know either. */
    @Override
    public Health get() {
        if (!beans.containsBean(ENDPOINT)) {
            return Health.UNKNOWN;
        }
        try {
            Object endpoint = beans.getBean(ENDPOINT);
            Method health = endpoint.getClass().getMethod("health");
            Method status = health.getReturnType().getMethod("getStatus");
            String code = Objects.toString(status.invoke(health.invoke(endpoint)));
            if (ILL.contains(code)) {
                return Health.DOWN;
            }
            return code.equals("UP") ? Health.UP : Health.UNKNOWN;
        } catch (ReflectiveOperationException e) {
            return Health.UNKNOWN;
        }
    }
}
