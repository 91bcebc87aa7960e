package io.switchboard.configclient.autoconfigure;

import java.beans.PropertyDescriptor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.Aware;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Gives one JavaBean the state of another of its type. Unlike binding a second time, it also takes back what is no
 * longer set. Collections and nested beans without a setter are filled in place.
 */
final class JavaBeanState {

    private JavaBeanState() {}

    static void copy(Object from, Object to) {
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
            if (setter != null) {
                call(setter, to, value);
            } else {
                fill(value, call(getter, to));
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
    private static void fill(@Nullable Object from, @Nullable Object to) {
        if (from == null || to == null || from == to) {
            return;
        }
        if (to instanceof Collection<?> target && from instanceof Collection<?> source) {
            target.clear();
            ((Collection<Object>) target).addAll(source);
        } else if (to instanceof Map<?, ?> target && from instanceof Map<?, ?> source) {
            target.clear();
            ((Map<Object, Object>) target).putAll(source);
        } else if (!BeanUtils.isSimpleProperty(to.getClass())
                && !to.getClass().getName().startsWith("java.")) {
            copy(from, to);
        }
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
