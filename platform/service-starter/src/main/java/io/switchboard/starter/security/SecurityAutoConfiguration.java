package io.switchboard.starter.security;

import io.switchboard.contracts.identity.Role;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.starter.problem.ProblemResponses;
import java.time.Clock;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Access tokens for every path. A service adds a chain of its own, ordered before this one, for paths that take other
 * credentials; whatever no chain allows is refused.
 */
@AutoConfiguration(
        beforeName = {
            "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration",
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure.servlet.OAuth2ResourceServerAutoConfiguration"
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(SecurityProperties.class)
class SecurityAutoConfiguration {

    /** Of a path that nobody opened: to whom it would be, if it were there, can't be said. */
    private static final AuthorizationDecision NOTHING_THERE = new AuthorizationDecision(false);

    /** Asks the issuer for its keys on first use, so that services may start before it. */
    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnProperty("switchboard.security.issuer")
    JwtDecoder jwtDecoder(SecurityProperties properties) {
        return new SupplierJwtDecoder(() -> {
            var issuer = String.valueOf(properties.issuer());
            var decoder = NimbusJwtDecoder.withIssuerLocation(issuer)
                    // Ours knows more types.
                    .validateType(false)
                    .build();
            decoder.setJwtValidator(JwtValidators.createDefaultWithValidators(
                    new JwtIssuerValidator(issuer), typeOf(properties.tokenType())));
            return decoder;
        });
    }

    /** RFC 7515, section 4.1.9: {@code application/} may be left out, and case says nothing. */
    private static JwtTypeValidator typeOf(String tokenType) {
        var validator = new JwtTypeValidator(tokenType, "application/" + tokenType);
        validator.setAllowEmpty(tokenType.isEmpty());
        return validator;
    }

    /** For a process that nobody has to call. */
    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnProperty(name = "switchboard.security.issuer-required", havingValue = "false")
    JwtDecoder nobodysTokens() {
        return token -> {
            throw new BadJwtException("no issuer is set (switchboard.security.issuer)");
        };
    }

    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    @ConditionalOnMissingBean(name = "platformSecurity")
    SecurityFilterChain platformSecurity(
            HttpSecurity http, ProblemResponses responses, JwtDecoder tokenDecoder, Clock clock) {
        return http.authorizeHttpRequests(paths -> paths.requestMatchers("/actuator/health", "/actuator/health/**")
                        .permitAll()
                        .requestMatchers("/actuator/**")
                        .hasAnyRole(Role.OPERATOR.name(), Role.SERVICE.name())
                        .requestMatchers("/internal/**")
                        .hasRole(Role.SERVICE.name())
                        .requestMatchers("/api/**")
                        .hasAnyRole(Role.TENANT.name(), Role.OPERATOR.name(), Role.SERVICE.name())
                        .requestMatchers("/error")
                        .permitAll()
                        .anyRequest()
                        .access((caller, request) -> NOTHING_THERE))
                .oauth2ResourceServer(tokens -> tokens.bearerTokenResolver(new BearerHeader())
                        .jwt(jwt -> jwt.decoder(new RememberingJwtDecoder(tokenDecoder, clock))
                                .jwtAuthenticationConverter(new RolesOfToken()))
                        .authenticationEntryPoint(unauthenticated(responses))
                        .accessDeniedHandler(forbidden(responses))
                        .withObjectPostProcessor(new Refusals(responses)))
                .exceptionHandling(failures -> failures.authenticationEntryPoint(unauthenticated(responses))
                        .accessDeniedHandler(forbidden(responses)))
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                // Nothing here is authenticated by a cookie, so there is nothing to forge, to remember or to log out
                // of.
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .build();
    }

    /** A request is observed as a whole; a span and a timer for each security filter cost more than the filters. */
    @Bean
    @ConditionalOnMissingBean
    SecurityObservationSettings noSecurityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    WebMvcConfigurer callerArguments() {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new CallerArgumentResolver());
            }
        };
    }

    private static AuthenticationEntryPoint unauthenticated(ProblemResponses responses) {
        return (request, response, failure) -> {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            responses.write(
                    request,
                    response,
                    new Problem(RequestProblem.UNAUTHENTICATED, "The access token is missing, expired or not valid."));
        };
    }

    /** Spring lets a failure to check a token through as a defect. */
    private record Refusals(ProblemResponses responses)
            implements ObjectPostProcessor<BearerTokenAuthenticationFilter> {

        @Override
        public <O extends BearerTokenAuthenticationFilter> O postProcess(O filter) {
            filter.setAuthenticationFailureHandler(refused(responses));
            return filter;
        }
    }

    private static AuthenticationFailureHandler refused(ProblemResponses responses) {
        var unauthenticated = unauthenticated(responses);
        return (request, response, failure) -> {
            if (failure instanceof AuthenticationServiceException) {
                responses.write(
                        request,
                        response,
                        new Problem(
                                RequestProblem.UNAVAILABLE,
                                "The issuer of access tokens, which tells how to check them, does not answer."));
            } else {
                unauthenticated.commence(request, response, failure);
            }
        };
    }

    private static AccessDeniedHandler forbidden(ProblemResponses responses) {
        return (request, response, failure) -> responses.write(
                request,
                response,
                failure instanceof AuthorizationDeniedException denied
                                && denied.getAuthorizationResult() == NOTHING_THERE
                        ? new Problem(
                                RequestProblem.NOT_FOUND, "There is nothing at this address; calls begin with '/api/'.")
                        : new Problem(RequestProblem.FORBIDDEN, "The credential's roles don't allow this call."));
    }
}
