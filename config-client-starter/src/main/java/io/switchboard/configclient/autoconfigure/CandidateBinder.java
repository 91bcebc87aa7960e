package io.switchboard.configclient.autoconfigure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationPropertiesBean;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.BindMethod;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.bind.handler.IgnoreErrorsBindHandler;
import org.springframework.boot.context.properties.bind.handler.IgnoreTopLevelConverterNotFoundBindHandler;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.bind.validation.ValidationBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.ClassUtils;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.Validated;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

/**
 * Binds new instances of properties against sources that are not in effect yet, with the same converters, handlers and
 * validators that Spring Boot binds the first ones with.
 */
final class CandidateBinder {

    private static final boolean JAKARTA_VALIDATION =
            ClassUtils.isPresent("jakarta.validation.Validator", CandidateBinder.class.getClassLoader())
                    && ClassUtils.isPresent(
                            "jakarta.validation.bootstrap.GenericBootstrap", CandidateBinder.class.getClassLoader());

    private final ConfigurableApplicationContext context;
    private final List<ConversionService> conversions;
    private final List<ConfigurationPropertiesBindHandlerAdvisor> advisors;
    private @Nullable Validator annotations;

    CandidateBinder(ConfigurableApplicationContext context) {
        this.context = context;
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        this.conversions = conversions(beans);
        this.advisors = beans.getBeanProvider(ConfigurationPropertiesBindHandlerAdvisor.class)
                .orderedStream()
                .toList();
    }

    private static List<ConversionService> conversions(ConfigurableListableBeanFactory beans) {
        List<ConversionService> all = new ArrayList<>();
        ConversionService own = beans.getConversionService();
        if (own != null) {
            all.add(own);
        }
        var application = new ApplicationConversionService();
        ApplicationConversionService.addBeans(application, beans, ConfigurationPropertiesBinding.VALUE);
        all.add(application);
        return all;
    }

    /** The environment as it would be with these sources in place of the ones of the same names. */
    static ConfigurableEnvironment candidate(
            ConfigurableEnvironment environment, Collection<? extends PropertySource<?>> replacements) {
        Map<String, PropertySource<?>> byName = new HashMap<>();
        replacements.forEach(source -> byName.put(source.getName(), source));
        var candidate = new StandardEnvironment() {
            @Override
            protected void customizePropertySources(MutablePropertySources sources) {
                // Starts empty.
            }
        };
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (!ConfigurationPropertySources.isAttachedConfigurationPropertySource(source)) {
                candidate.getPropertySources().addLast(byName.getOrDefault(source.getName(), source));
            }
        }
        ConfigurationPropertySources.attach(candidate);
        return candidate;
    }

    /**
     * A new instance for the bean.
     *
     * @throws BindException if a value can't be converted, is not valid, or is refused by the type
     */
    Object bind(ConfigurationPropertiesBean bean, ConfigurableEnvironment candidate) {
        Binder binder = binder(candidate);
        Bindable<?> existing = bean.asBindTarget();
        Bindable<Object> target = Bindable.<Object>of(existing.getType()).withAnnotations(existing.getAnnotations());
        String prefix = bean.getAnnotation().prefix();
        if (existing.getBindMethod() == BindMethod.VALUE_OBJECT) {
            return binder.bindOrCreate(prefix, target.withBindMethod(BindMethod.VALUE_OBJECT), handler(bean, target));
        }
        Object fresh = context.getAutowireCapableBeanFactory()
                .autowire(type(bean), AutowireCapableBeanFactory.AUTOWIRE_CONSTRUCTOR, false);
        binder.bind(prefix, target.withExistingValue(fresh), handler(bean, target));
        return fresh;
    }

    /**
     * What is below this name, as an instance of the type; empty if nothing is set there.
     *
     * @throws BindException as with a bean
     */
    Optional<Object> bind(String name, ResolvableType type, ConfigurableEnvironment environment) {
        Bindable<Object> target = Bindable.of(type);
        boolean validated = JAKARTA_VALIDATION
                && type.resolve() != null
                && AnnotatedElementUtils.hasAnnotation(type.resolve(), Validated.class);
        BindHandler handler = validated
                ? new ValidationBindHandler(new IgnoreTopLevelConverterNotFoundBindHandler(), annotations())
                : new IgnoreTopLevelConverterNotFoundBindHandler();
        return Optional.ofNullable(
                binder(environment).bind(name, target, handler).orElse(null));
    }

    private Binder binder(ConfigurableEnvironment environment) {
        return new Binder(
                ConfigurationPropertySources.get(environment),
                new PropertySourcesPlaceholdersResolver(environment),
                conversions,
                context.getBeanFactory()::copyRegisteredEditorsTo,
                null,
                null);
    }

    static Class<?> type(ConfigurationPropertiesBean bean) {
        return ClassUtils.getUserClass(instance(bean));
    }

    static Object instance(ConfigurationPropertiesBean bean) {
        return Objects.requireNonNull(bean.getInstance(), "beans of a context have an instance");
    }

    private BindHandler handler(ConfigurationPropertiesBean bean, Bindable<?> target) {
        BindHandler handler = new IgnoreTopLevelConverterNotFoundBindHandler();
        if (bean.getAnnotation().ignoreInvalidFields()) {
            handler = new IgnoreErrorsBindHandler(handler);
        }
        if (!bean.getAnnotation().ignoreUnknownFields()) {
            handler = new NoUnboundElementsBindHandler(handler, new UnboundElementsSourceFilter());
        }
        Validator[] validators = validators(bean, target).toArray(Validator[]::new);
        if (validators.length > 0) {
            handler = new ValidationBindHandler(handler, validators);
        }
        for (ConfigurationPropertiesBindHandlerAdvisor advisor : advisors) {
            handler = advisor.apply(handler);
        }
        return handler;
    }

    private List<Validator> validators(ConfigurationPropertiesBean bean, Bindable<?> target) {
        List<Validator> validators = new ArrayList<>();
        String configured = EnableConfigurationProperties.VALIDATOR_BEAN_NAME;
        if (context.containsBean(configured)) {
            validators.add(context.getBean(configured, Validator.class));
        }
        if (JAKARTA_VALIDATION && target.getAnnotation(Validated.class) != null) {
            validators.add(annotations());
        }
        if (bean.getInstance() instanceof Validator itself) {
            validators.add(itself);
        }
        return validators;
    }

    private Validator annotations() {
        if (annotations == null) {
            var factory = new LocalValidatorFactoryBean();
            factory.setApplicationContext(context);
            factory.afterPropertiesSet();
            annotations = factory;
        }
        return annotations;
    }
}
