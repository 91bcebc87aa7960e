package io.switchboard.configclient.autoconfigure;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.InstantiationAwareBeanPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ReflectionUtils;

/**
 * Refuses a bean that can't be made because a released value doesn't fit where {@code @Value} puts it: Spring itself would say
 * so with the value. All other faults are left to Spring.
 */
final class ValuesAtStart implements InstantiationAwareBeanPostProcessor {

    private final ConfigurableListableBeanFactory beans;

    ValuesAtStart(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public @Nullable Object postProcessBeforeInstantiation(Class<?> type, String bean) {
        Method factory = factory(bean);
        if (factory != null) {
            check(bean, factory);
        } else if (AnnotationUtils.isCandidateClass(type, Value.class)) {
            Constructor<?>[] constructors = type.getDeclaredConstructors();
            for (Constructor<?> constructor : constructors) {
                if (constructors.length == 1 || ValuePoints.isInjected(constructor)) {
                    check(bean, constructor);
                }
            }
        }
        if (AnnotationUtils.isCandidateClass(type, Value.class)) {
            ReflectionUtils.doWithFields(
                    type,
                    field -> check(bean, shown(field), ValuePoints.expression(field), new TypeDescriptor(field)),
                    field -> !Modifier.isStatic(field.getModifiers()));
            ReflectionUtils.doWithMethods(
                    type,
                    method -> check(bean, method),
                    method -> !Modifier.isStatic(method.getModifiers())
                            && (ValuePoints.expression(method).isPresent() || ValuePoints.isInjected(method)));
        }
        return null;
    }

    private @Nullable Method factory(String bean) {
        return beans.containsBeanDefinition(bean)
                        && beans.getMergedBeanDefinition(bean) instanceof RootBeanDefinition definition
                ? definition.getResolvedFactoryMethod()
                : null;
    }

    private void check(String bean, Executable executable) {
        Optional<String> forAll = ValuePoints.expression(executable);
        for (int index = 0; index < executable.getParameterCount(); index++) {
            check(
                    bean,
                    shown(executable) + "()",
                    ValuePoints.expression(executable.getParameters()[index]).or(() -> forAll),
                    new TypeDescriptor(MethodParameter.forExecutable(executable, index)));
        }
    }

    private static String shown(Member member) {
        String type = member.getDeclaringClass().getSimpleName();
        return member instanceof Constructor<?> ? type : type + "." + member.getName();
    }

    private void check(String bean, String member, Optional<String> expression, TypeDescriptor type) {
        // What evaluates an expression, or asks for the value later, does so once.
        if (expression.isEmpty() || ValuePoints.asksLater(type.getType()) || fits(expression.get(), type)) {
            return;
        }
        ConfigurableEnvironment environment =
                beans.getBean(ConfigurableApplicationContext.ENVIRONMENT_BEAN_NAME, ConfigurableEnvironment.class);
        ReleasePropertySource.behind(expression.get(), environment.getPropertySources())
                .ifPresent(release -> {
                    throw new BeanCreationException(
                            bean,
                            "release " + release.running().number() + " of '"
                                    + release.running().path() + "' does not fit: the value of " + member + " is no "
                                    + type.getResolvableType());
                });
    }

    /** Spring makes what is in it, and puts it in later: not all that it can make has a converter into an optional. */
    private static TypeDescriptor withoutOptional(TypeDescriptor type) {
        return type.getType() == Optional.class
                ? new TypeDescriptor(type.getResolvableType().getGeneric(), null, type.getAnnotations())
                : type;
    }

    private boolean fits(String expression, TypeDescriptor type) {
        try {
            String text = beans.resolveEmbeddedValue(expression);
            if (text != null && !text.contains("#{")) {
                TypeDescriptor asked = withoutOptional(type);
                beans.getTypeConverter().convertIfNecessary(text, asked.getType(), asked);
            }
            return true;
        } catch (BeansException e) {
            return false;
        } catch (IllegalArgumentException e) {
            // A reference to a key that has no value: Spring says which.
            return true;
        }
    }
}
