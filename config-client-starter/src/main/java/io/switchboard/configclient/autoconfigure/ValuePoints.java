package io.switchboard.configclient.autoconfigure;

import java.lang.ref.WeakReference;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanExpressionContext;
import org.springframework.beans.factory.config.BeanExpressionResolver;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ReflectionUtils;

/**
 * The fields and methods of singleton beans that got their values by {@code @Value}. Parameters of constructors can't be
 * given another value, nor can final fields, and a method that also takes other beans is called once only.
 */
final class ValuePoints implements BeanPostProcessor, BeanFactoryAware {

    private final List<Point> points = new CopyOnWriteArrayList<>();
    private @Nullable ConfigurableListableBeanFactory beans;

    /**
     * @param bean the bean itself, never its proxy
     * @param expressions one for a field, one for each parameter of a method
     */
    private record Point(WeakReference<Object> bean, AnnotatedElement member, List<String> expressions) {

        @Override
        public String toString() {
            return member instanceof Field field
                    ? field.getDeclaringClass().getSimpleName() + "." + field.getName()
                    : ((Method) member).getDeclaringClass().getSimpleName() + "." + ((Method) member).getName() + "()";
        }
    }

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        beans = (ConfigurableListableBeanFactory) beanFactory;
    }

    @Override
    public Object postProcessBeforeInitialization(Object bean, String beanName) {
        if (AnnotationUtils.isCandidateClass(bean.getClass(), Value.class) && isSingleton(beanName)) {
            var self = new WeakReference<>(bean);
            ReflectionUtils.doWithFields(
                    bean.getClass(), field -> point(self, field).ifPresent(points::add));
            ReflectionUtils.doWithMethods(
                    bean.getClass(),
                    method -> point(self, method).ifPresent(points::add),
                    ReflectionUtils.USER_DECLARED_METHODS);
        }
        return bean;
    }

    /** By its definition: asking for the bean would ask a factory bean that is just being made for its object. */
    private boolean isSingleton(String beanName) {
        return beans().containsBeanDefinition(beanName)
                && beans().getMergedBeanDefinition(beanName).isSingleton();
    }

    /** Whether Spring puts in what asks for the value each time: it follows by itself. */
    static boolean asksLater(Class<?> type) {
        return ObjectFactory.class.isAssignableFrom(type) || type.getName().equals("jakarta.inject.Provider");
    }

    private static Optional<Point> point(WeakReference<Object> bean, Field field) {
        if (Modifier.isStatic(field.getModifiers())
                || Modifier.isFinal(field.getModifiers())
                || asksLater(field.getType())) {
            return Optional.empty();
        }
        return expression(field).map(expression -> new Point(bean, field, List.of(expression)));
    }

    /** As when the bean was made: a parameter's own annotation, or else the method's. */
    private static Optional<Point> point(WeakReference<Object> bean, Method method) {
        Optional<String> forAll = expression(method);
        boolean injected = forAll.isPresent() || isInjected(method);
        if (!injected || Modifier.isStatic(method.getModifiers()) || method.getParameterCount() == 0) {
            return Optional.empty();
        }
        List<String> expressions = Arrays.stream(method.getParameters())
                .filter(parameter -> !asksLater(parameter.getType()))
                .flatMap(parameter -> expression(parameter).or(() -> forAll).stream())
                .toList();
        return expressions.size() == method.getParameterCount()
                ? Optional.of(new Point(bean, method, expressions))
                : Optional.empty();
    }

    /** Whether Spring calls it with what it asks for. */
    static boolean isInjected(AnnotatedElement element) {
        return AnnotatedElementUtils.isAnnotated(element, Autowired.class)
                || AnnotatedElementUtils.isAnnotated(element, "jakarta.inject.Inject");
    }

    static Optional<String> expression(AnnotatedElement element) {
        return Optional.ofNullable(AnnotatedElementUtils.getMergedAnnotation(element, Value.class))
                .map(Value::value);
    }

    /**
     * Plans to give a new value to each whose expression resolves to another text.
     *
     * @throws Unfit if one has no value any more, or one that its type can't take
     */
    void plan(ConfigurableEnvironment now, ConfigurableEnvironment candidate, Switchover switchover) throws Unfit {
        List<Point> gone = new ArrayList<>();
        for (Point point : points) {
            Object bean = point.bean().get();
            if (bean == null) {
                gone.add(point);
            } else if (point.expressions().stream()
                    .anyMatch(expression -> !text(now, expression).equals(text(candidate, expression)))) {
                plan(point, bean, now, candidate, switchover);
            }
        }
        points.removeAll(gone);
    }

    private static String text(ConfigurableEnvironment environment, String expression) {
        return environment.resolvePlaceholders(expression);
    }

    private void plan(
            Point point,
            Object bean,
            ConfigurableEnvironment now,
            ConfigurableEnvironment candidate,
            Switchover switchover)
            throws Unfit {
        if (point.member() instanceof Field field) {
            ReflectionUtils.makeAccessible(field);
            Object old = ReflectionUtils.getField(field, bean);
            Object fresh = value(point, 0, new TypeDescriptor(field), candidate);
            switchover.plan(
                    () -> ReflectionUtils.setField(field, bean, fresh),
                    () -> ReflectionUtils.setField(field, bean, old));
        } else {
            Method method = (Method) point.member();
            ReflectionUtils.makeAccessible(method);
            @Nullable Object[] old = arguments(point, method, now);
            @Nullable Object[] fresh = arguments(point, method, candidate);
            switchover.plan(() -> call(point, method, bean, fresh), () -> call(point, method, bean, old));
        }
    }

    private @Nullable Object[] arguments(Point point, Method method, ConfigurableEnvironment environment) throws Unfit {
        @Nullable Object[] arguments = new Object[method.getParameterCount()];
        for (int index = 0; index < arguments.length; index++) {
            arguments[index] = value(point, index, new TypeDescriptor(new MethodParameter(method, index)), environment);
        }
        return arguments;
    }

    private @Nullable Object value(Point point, int index, TypeDescriptor type, ConfigurableEnvironment environment)
            throws Unfit {
        String text;
        try {
            text = environment.resolveRequiredPlaceholders(point.expressions().get(index));
        } catch (IllegalArgumentException e) {
            throw new Unfit("the value of " + point + " refers to a key that has none");
        }
        try {
            BeanExpressionResolver expressions = beans().getBeanExpressionResolver();
            Object evaluated =
                    expressions == null ? text : expressions.evaluate(text, new BeanExpressionContext(beans(), null));
            return beans().getTypeConverter().convertIfNecessary(evaluated, type.getType(), type);
        } catch (BeansException | IllegalArgumentException e) {
            // Its message may repeat the value.
            throw new Unfit("the value of " + point + " is no " + type.getResolvableType());
        }
    }

    private static void call(Point point, Method method, Object bean, @Nullable Object[] arguments) {
        try {
            method.invoke(bean, arguments);
        } catch (InvocationTargetException | IllegalAccessException e) {
            // The cause's message may repeat the value.
            throw new IllegalStateException(
                    point + " can't be called: " + e.getClass().getSimpleName());
        }
    }

    private ConfigurableListableBeanFactory beans() {
        return Objects.requireNonNull(beans, "set before any bean is made");
    }
}
