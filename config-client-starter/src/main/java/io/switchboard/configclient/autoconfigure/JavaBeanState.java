package io.switchboard.configclient.autoconfigure;

import java.beans.PropertyDescriptor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.Aware;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Gives JavaBeans the state of others of their types, all or none. Unlike binding a second time, it also takes back what
 * is no longer set. Collections and nested beans without a setter are filled in place.
 *
 * <p>All that can be read is read before anything is written. If a setter fails, what was written is written back.
 */
final class JavaBeanState {

    private static final Log log = LogFactory.getLog(JavaBeanState.class);

    /** One write, and the write that takes it back. */
    private record Step(Runnable write, Runnable takeBack) {}

    private final List<Step> steps = new ArrayList<>();

    /** Plans to give one bean the state of another. */
    void plan(Object from, Object to) {
        for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(ClassUtils.getUserClass(to))) {
            Method getter = property.getReadMethod();
            if (getter == null || getter.getDeclaringClass() == Object.class) {
                continue;
            }
            Object value = call(getter, from);
            Method setter = property.getWriteMethod();
            if (setter != null && isCallback(setter, to)) {
                continue;
            }
            Object old = call(getter, to);
            if (setter != null) {
                steps.add(new Step(() -> call(setter, to, value), () -> call(setter, to, old)));
            } else {
                planToFill(value, old);
            }
        }
    }

    /** Carries the plan out. When a step fails, those before it and itself are taken back, the last one first. */
    void switchOver() {
        for (int step = 0; step < steps.size(); step++) {
            try {
                steps.get(step).write().run();
            } catch (RuntimeException e) {
                takeBack(lastFirst(steps.subList(0, step + 1)));
                throw e;
            }
        }
    }

    private static List<Step> lastFirst(List<Step> written) {
        List<Step> reversed = new ArrayList<>(written);
        Collections.reverse(reversed);
        return reversed;
    }

    private static void takeBack(List<Step> written) {
        for (Step step : written) {
            try {
                step.takeBack().run();
            } catch (RuntimeException e) {
                log.error("A property keeps a value of a release that was refused: " + e.getMessage());
            }
        }
    }

    /** What the container hands to a bean is no part of its configuration, and the new instance never got it. */
    private static boolean isCallback(Method setter, Object bean) {
        return ClassUtils.getAllInterfacesAsSet(bean).stream()
                .filter(Aware.class::isAssignableFrom)
                .anyMatch(aware -> ClassUtils.hasMethod(aware, setter.getName(), setter.getParameterTypes()));
    }

    @SuppressWarnings("unchecked")
    private void planToFill(@Nullable Object from, @Nullable Object to) {
        if (from == null || to == null || from == to) {
            return;
        }
        if (to instanceof Collection<?> target && from instanceof Collection<?> source) {
            List<Object> old = new ArrayList<>(target);
            List<Object> fresh = new ArrayList<>(source);
            steps.add(new Step(
                    () -> refill((Collection<Object>) target, fresh), () -> refill((Collection<Object>) target, old)));
        } else if (to instanceof Map<?, ?> target && from instanceof Map<?, ?> source) {
            Map<Object, Object> old = new LinkedHashMap<>(target);
            Map<Object, Object> fresh = new LinkedHashMap<>(source);
            steps.add(new Step(
                    () -> refill((Map<Object, Object>) target, fresh),
                    () -> refill((Map<Object, Object>) target, old)));
        } else if (!BeanUtils.isSimpleProperty(to.getClass())
                && !to.getClass().getName().startsWith("java.")) {
            plan(from, to);
        }
    }

    private static void refill(Collection<Object> target, Collection<Object> content) {
        target.clear();
        target.addAll(content);
    }

    private static void refill(Map<Object, Object> target, Map<Object, Object> content) {
        target.clear();
        target.putAll(content);
    }

    private static @Nullable Object call(Method method, Object target, @Nullable Object... arguments) {
        try {
            ReflectionUtils.makeAccessible(method);
            return method.invoke(target, arguments);
        } catch (InvocationTargetException | IllegalAccessException e) {
            // The cause's message may repeat the value.
            throw new IllegalStateException(method.getDeclaringClass().getSimpleName() + "." + method.getName()
                    + " can't be called: " + e.getClass().getSimpleName());
        }
    }
}
