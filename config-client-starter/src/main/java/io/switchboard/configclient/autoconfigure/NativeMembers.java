package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.OnConfigurationChange;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** Members of beans that releases reach by reflection, for a native image to keep. */
final class NativeMembers implements BeanRegistrationAotProcessor {

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        Class<?> type = ClassUtils.getUserClass(bean.getBeanClass());
        List<Field> fields = new ArrayList<>();
        List<Method> methods = new ArrayList<>();
        ReflectionUtils.doWithFields(type, fields::add, NativeMembers::isValue);
        ReflectionUtils.doWithMethods(type, methods::add, NativeMembers::isReached);
        return fields.isEmpty() && methods.isEmpty()
                ? null
                : (context, code) -> {
                    var hints = context.getRuntimeHints().reflection();
                    fields.forEach(hints::registerField);
                    methods.forEach(method -> hints.registerMethod(method, ExecutableMode.INVOKE));
                };
    }

    private static boolean isReached(Method method) {
        return isValue(method)
                || Arrays.stream(method.getParameters()).anyMatch(NativeMembers::isValue)
                || AnnotatedElementUtils.isAnnotated(method, OnConfigurationChange.class);
    }

    private static boolean isValue(AnnotatedElement member) {
        return AnnotatedElementUtils.isAnnotated(member, Value.class);
    }
}
