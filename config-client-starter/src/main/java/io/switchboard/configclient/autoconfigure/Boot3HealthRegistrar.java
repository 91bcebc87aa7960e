package io.switchboard.configclient.autoconfigure;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.util.ClassUtils;

/**
 * Registers the health contributor of Spring Boot 3.5. Its types and those of Spring Boot 4 are in jars of one name, of which a
 * build can have one: these are asked for by name.
 */
final class Boot3HealthRegistrar implements BeanFactoryPostProcessor {

    static final String INDICATOR = "org.springframework.boot.actuate.health.HealthIndicator";
    static final String HEALTH = "org.springframework.boot.actuate.health.Health";
    static final String BUILDER = HEALTH + "$Builder";

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        Class<?> type = ClassUtils.resolveClassName(INDICATOR, beans.getBeanClassLoader());
        var definition = new RootBeanDefinition(type);
        definition.setInstanceSupplier(() -> indicator(type, beans.getBean(Following.class)));
        ((BeanDefinitionRegistry) beans).registerBeanDefinition(ConfigHealth.BEAN, definition);
    }

    private static Object indicator(Class<?> type, Following following) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
            if (method.getName().equals("health")) {
                return health(type.getClassLoader(), ConfigHealth.of(following));
            }
            return method.isDefault()
                    ? InvocationHandler.invokeDefault(self, method, arguments)
                    : ofObject(self, method, arguments);
        });
    }

    private static Object health(ClassLoader loader, ConfigHealth found) throws ReflectiveOperationException {
        Class<?> builder = Class.forName(BUILDER, true, loader);
        Object health = Class.forName(HEALTH, true, loader)
                .getMethod(found.up() ? "up" : "unknown")
                .invoke(null);
        builder.getMethod("withDetails", Map.class).invoke(health, found.details());
        return builder.getMethod("build").invoke(health);
    }

    private static Object ofObject(Object self, Method method, @Nullable Object[] arguments) {
        return switch (method.getName()) {
            case "equals" -> self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            default -> ConfigHealth.BEAN;
        };
    }
}
