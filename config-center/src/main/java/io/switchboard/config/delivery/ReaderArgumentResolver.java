package io.switchboard.config.delivery;

import io.switchboard.contracts.problem.Problem;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * The application, from its credential and nothing else. A method takes it first: parameters are looked at in their order, and whoever
 * has no credential is not told what else is wrong.
 */
final class ReaderArgumentResolver implements HandlerMethodArgumentResolver {

    private final Readers readers;

    ReaderArgumentResolver(Readers readers) {
        this.readers = readers;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Reader.class;
    }

    @Override
    public Reader resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        try {
            return Reader.of(request.getHeader(HttpHeaders.AUTHORIZATION), readers);
        } catch (Problem refused) {
            Objects.requireNonNull(request.getNativeResponse(HttpServletResponse.class))
                    .setHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"config\", charset=\"UTF-8\"");
            throw refused;
        }
    }
}
