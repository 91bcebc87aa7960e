package io.switchboard.config.audit;

import java.time.Clock;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

@Configuration(proxyBeanMethods = false)
class AuditConfiguration {

    /** All that takes access tokens. Reports of clients are no changes, and come by the thousand. */
    static final String[] PATHS = {"/api/**", "/internal/**"};

    @Bean
    WebMvcConfigurer auditedCalls(AuditInterceptor interceptor) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry interceptors) {
                interceptors.addInterceptor(interceptor).addPathPatterns(PATHS);
            }
        };
    }

    /** Outside of the security filters, and inside of the one that gives a request its id. */
    @Bean
    FilterRegistrationBean<RefusalFilter> refusals(Trail trail, Clock clock) {
        var registration = new FilterRegistrationBean<>(new RefusalFilter(trail, clock));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 100);
        return registration;
    }
}
