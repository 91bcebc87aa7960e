package io.switchboard.console.config;

import io.switchboard.contracts.ordering.OrdersApi;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Gives controllers the namespace that the page's address names: {@link Namespace#ADDRESS}. */
@Component
class NamespaceInAddress implements HandlerMethodArgumentResolver, WebMvcConfigurer {

    private final OrdersApi orders;

    NamespaceInAddress(OrdersApi orders) {
        this.orders = orders;
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(this);
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Namespace.class;
    }

    @Override
    public Namespace resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        String stage = part("stage", request);
        String name = part("namespace", request);
        if (!Namespace.isStage(stage) || !Namespace.isName(name)) {
            throw nothingThere();
        }
        return new Namespace(orders.instance(id(part("id", request)), null), stage, name);
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw nothingThere();
        }
    }

    /** What is no name names nothing. */
    private static ResponseStatusException nothingThere() {
        return new ResponseStatusException(HttpStatus.NOT_FOUND);
    }

    private static String part(String name, NativeWebRequest request) {
        Object parts =
                request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE, RequestAttributes.SCOPE_REQUEST);
        return parts instanceof Map<?, ?> named ? String.valueOf(named.get(name)) : "";
    }
}
