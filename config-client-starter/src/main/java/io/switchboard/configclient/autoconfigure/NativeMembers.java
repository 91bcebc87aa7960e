package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.OnConfigurationChange;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;
import org.springframework.core.ResolvableType;
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
                    BindableRuntimeHintsRegistrar.forBindables(bound(methods)).registerHints(context.getRuntimeHints());
                };
    }

    /** What listeners are told of is bound for each of them. */
    private static List<Bindable<?>> bound(List<Method> methods) {
        return methods.stream()
                .filter(method -> AnnotatedElementUtils.isAnnotated(method, OnConfigurationChange.class))
                .flatMap(method -> ChangeListeners.changeType(method).stream())
                .flatMap(NativeMembers::objects)
                .<Bindable<?>>map(Bindable::of)
                .toList();
    }

    /** Also those in a list or a map. */
    private static Stream<ResolvableType> objects(ResolvableType type) {
        if (type.isArray()) {
            return objects(type.getComponentType());
        }
        Class<?> raw = type.toClass();
        return raw.isPrimitive() || raw.getName().startsWith("java.")
                ? Arrays.stream(type.getGenerics()).flatMap(NativeMembers::objects)
                : Stream.of(type);
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
