package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.Change;
import io.switchboard.configclient.OnConfigurationChange;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ReflectionUtils;

/** The beans' methods that want to be told of changes. */
final class ChangeListeners implements SmartInitializingSingleton {

    private static final Log log = LogFactory.getLog(ChangeListeners.class);

    private final ConfigurableListableBeanFactory beans;
    private final List<Listener> listeners = new ArrayList<>();

    /** @param type what the change is bound to; empty if the method doesn't ask for it */
    private record Listener(String beanName, Method method, String name, Optional<ResolvableType> type) {

        @Override
        public String toString() {
            return method.getDeclaringClass().getSimpleName() + "." + method.getName();
        }
    }

    /** A call that is due once the release is in effect. */
    @FunctionalInterface
    interface Call {
        void run();
    }

    ChangeListeners(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /** @throws IllegalStateException if a method takes what it can't be given */
    @Override
    public void afterSingletonsInstantiated() {
        for (String beanName : beans.getBeanNamesForType(Object.class)) {
            Class<?> type = AutoProxyUtils.determineTargetClass(beans, beanName);
            if (type != null
                    && !ScopedProxyUtils.isScopedTarget(beanName)
                    && AnnotationUtils.isCandidateClass(type, OnConfigurationChange.class)) {
                Map<Method, OnConfigurationChange> found = MethodIntrospector.selectMethods(
                        type, (MethodIntrospector.MetadataLookup<OnConfigurationChange>) method ->
                                AnnotatedElementUtils.findMergedAnnotation(method, OnConfigurationChange.class));
                found.forEach((method, annotation) -> listeners.add(listener(beanName, method, annotation.value())));
            }
        }
    }

    private Listener listener(String beanName, Method method, String name) {
        var listener = new Listener(beanName, method, name, changeType(method));
        if (!ConfigurationPropertyName.isValid(name)) {
            throw new IllegalStateException("@OnConfigurationChange of " + listener + " names '" + name
                    + "', which is no key in lower case with dashes");
        }
        return listener;
    }

    /** @throws IllegalStateException if the method takes what it can't be given */
    static Optional<ResolvableType> changeType(Method method) {
        if (method.getParameterCount() == 0) {
            return Optional.empty();
        }
        ResolvableType parameter = ResolvableType.forMethodParameter(new MethodParameter(method, 0));
        ResolvableType type = parameter.getGeneric(0);
        if (method.getParameterCount() > 1 || parameter.resolve() != Change.class || type.resolve() == null) {
            throw new IllegalStateException(
                    "@OnConfigurationChange needs a method that takes nothing or one Change<type>: " + method);
        }
        return Optional.of(type);
    }

    /**
     * Who is to be called, with the change bound to what they want.
     *
     * @throws org.springframework.boot.context.properties.bind.BindException if it can't be bound or is not valid
     */
    List<Call> due(
            AffectedKeys affected,
            CandidateBinder binder,
            ConfigurableEnvironment now,
            ConfigurableEnvironment candidate) {
        List<Call> due = new ArrayList<>();
        for (Listener listener : listeners) {
            if (!affected.touch(listener.name())) {
                continue;
            }
            if (listener.type().isEmpty()) {
                due.add(() -> call(listener));
                continue;
            }
            var change = new Change<>(
                    binder.bind(listener.name(), listener.type().get(), now),
                    binder.bind(listener.name(), listener.type().get(), candidate));
            if (!change.before().equals(change.after())) {
                due.add(() -> call(listener, change));
            }
        }
        return due;
    }

    private void call(Listener listener, @Nullable Object... arguments) {
        try {
            Object bean = beans.getBean(listener.beanName());
            Method method = AopUtils.selectInvocableMethod(listener.method(), bean.getClass());
            ReflectionUtils.makeAccessible(method);
            method.invoke(bean, arguments);
        } catch (InvocationTargetException e) {
            failed(listener, e.getTargetException());
        } catch (IllegalAccessException | RuntimeException e) {
            failed(listener, e);
        }
    }

    /** The release is in effect all the same. The failure's message may repeat a value. */
    private static void failed(Listener listener, Throwable failure) {
        log.warn("Listener " + listener + " failed: " + failure.getClass().getName());
    }
}
