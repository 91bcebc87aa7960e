package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.Live;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/** Registers a {@code Live<T>} for each bean whose type {@code T} is annotated with {@code @ConfigurationProperties}. */
final class LiveBeanRegistrar implements BeanFactoryPostProcessor {

    /** Prefix of the beans' names. */
    static final String PREFIX = "live.";

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        BeanDefinitionRegistry registry = (BeanDefinitionRegistry) beans;
        for (String name : beans.getBeanNamesForAnnotation(ConfigurationProperties.class)) {
            Class<?> type = beans.getType(name, false);
            if (type != null && isBoundByItsType(type)) {
                registry.registerBeanDefinition(PREFIX + name, definition(beans, name, ClassUtils.getUserClass(type)));
            }
        }
    }

    /** A bean that only its factory method binds can't be built a second time without running that method again. */
    static boolean isBoundByItsType(Class<?> type) {
        return AnnotatedElementUtils.hasAnnotation(ClassUtils.getUserClass(type), ConfigurationProperties.class);
    }

    private static RootBeanDefinition definition(
            ConfigurableListableBeanFactory beans, String name, Class<?> propertiesType) {
        var definition = new RootBeanDefinition(Live.class);
        definition.setTargetType(ResolvableType.forClassWithGenerics(Live.class, propertiesType));
        definition.setInstanceSupplier(() -> beans.getBean(LiveValues.class).live(name));
        definition.setLazyInit(true);
        return definition;
    }
}
