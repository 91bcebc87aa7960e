package io.switchboard.configclient.autoconfigure;

import java.beans.PropertyDescriptor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.Aware;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Plans to give JavaBeans the state of others of their types. Unlike binding a second time, that also takes back what is no
 * longer set. Collections and nested beans without a setter are filled in place.
 */
final class JavaBeanState {

    private final Switchover switchover;

    JavaBeanState(Switchover switchover) {
        this.switchover = switchover;
    }

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
                switchover.plan(() -> call(setter, to, value), () -> call(setter, to, old));
            } else {
                planToFill(value, old);
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
            switchover.plan(
                    () -> refill((Collection<Object>) target, fresh), () -> refill((Collection<Object>) target, old));
        } else if (to instanceof Map<?, ?> target && from instanceof Map<?, ?> source) {
            Map<Object, Object> old = new LinkedHashMap<>(target);
            Map<Object, Object> fresh = new LinkedHashMap<>(source);
            switchover.plan(
                    () -> refill((Map<Object, Object>) target, fresh), () -> refill((Map<Object, Object>) target, old));
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
