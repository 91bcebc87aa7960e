package io.switchboard.starter.problem;

import java.util.Set;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

@AutoConfiguration(
        beforeName = {
            "org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration",
            "org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration"
        },
        afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(RequestProperties.class)
class ProblemAutoConfiguration {

    private static final Set<MediaType> OTHER_FORMATS = Set.of(
            MediaType.APPLICATION_YAML,
            MediaType.APPLICATION_CBOR,
            MediaType.valueOf("application/x-jackson-smile"),
            MediaType.APPLICATION_XML);

    @Bean
    ProblemResponses problemResponses(JsonMapper json) {
        return new ProblemResponses(json);
    }

    @Bean
    ProblemAdvice problemAdvice(RequestProperties properties) {
        return new ProblemAdvice(properties.maxBody().toBytes());
    }

    /** A service with pages brings its own. */
    @Bean
    @ConditionalOnMissingBean(ErrorController.class)
    ContainerProblems containerProblems(ProblemResponses responses) {
        return new ContainerProblems(responses);
    }

    /** Last, so that ours stands inside Boot's own report valve and answers first. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemValve(ProblemResponses responses) {
        return tomcat -> tomcat.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                // Named, or the host would add Tomcat's own beside it.
                host.setErrorReportValveClass(ProblemValve.class.getName());
                host.getPipeline().addValve(new ProblemValve(responses));
            }
        });
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> formLimit(RequestProperties properties) {
        return tomcat -> tomcat.addConnectorCustomizers(connector ->
                connector.setMaxPostSize(Math.toIntExact(properties.maxBody().toBytes())));
    }

    /** Requests are read strictly; answers of other services leniently, so that they may grow fields. */
    @Bean
    ServerHttpMessageConvertersCustomizer strictRequests(JsonMapper json) {
        var strict = StrictJson.of(json);
        return converters -> converters
                .withJsonConverter(new JacksonJsonHttpMessageConverter(strict))
                .configureMessageConvertersList(all -> all.removeIf(ProblemAutoConfiguration::readsAnotherFormat));
    }

    /** Spring adds one for each format that a library brings along; those would read what {@link StrictJson} refuses. */
    private static boolean readsAnotherFormat(HttpMessageConverter<?> converter) {
        return converter.getSupportedMediaTypes().stream().anyMatch(OTHER_FORMATS::contains);
    }

    @Bean
    WebMvcConfigurer nulRefusal() {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new NulRefusal());
            }
        };
    }

    @Bean
    FilterRegistrationBean<RequestIdFilter> requestIdFilter() {
        var registration = new FilterRegistrationBean<>(new RequestIdFilter());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    @Bean
    FilterRegistrationBean<BodyLimitFilter> bodyLimitFilter(RequestProperties properties, ProblemResponses responses) {
        var registration = new FilterRegistrationBean<>(new BodyLimitFilter(properties, responses));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
        return registration;
    }
}
