package io.switchboard.samples.acd.floor;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Whoever reaches this task's port may call it, but only the platform may drain it: it knows the task's secret. */
@Configuration(proxyBeanMethods = false)
class PlatformOnly implements WebMvcConfigurer, HandlerInterceptor {

    private final Optional<byte[]> expected;

    PlatformOnly(TaskProperties task) {
        this.expected = Optional.of(task.secret())
                .filter(secret -> !secret.isEmpty())
                .map(secret -> ("Bearer " + secret).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).addPathPatterns("/switchboard/**");
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        var shown = String.valueOf(request.getHeader(HttpHeaders.AUTHORIZATION)).getBytes(StandardCharsets.UTF_8);
        // Takes as long for each wrong one.
        if (expected.isPresent() && !MessageDigest.isEqual(expected.get(), shown)) {
            throw FloorProblem.notThePlatform();
        }
        return true;
    }
}
