package io.switchboard.console.session;

import static org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher.pathPattern;

import io.github.wimdeblauwe.htmx.spring.boot.security.HxRefreshHeaderAuthenticationEntryPoint;
import io.switchboard.contracts.identity.Role;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientProviderBuilder;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.HttpSessionOAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.authentication.logout.LogoutSuccessHandler;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.security.web.util.matcher.AndRequestMatcher;
import org.springframework.security.web.util.matcher.NegatedRequestMatcher;
import org.springframework.security.web.util.matcher.RequestHeaderRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    private static final RequestMatcher PART_OF_A_PAGE = new RequestHeaderRequestMatcher("HX-Request");

    private static final RequestMatcher EVENT_STREAM = request -> {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.contains(MediaType.TEXT_EVENT_STREAM_VALUE);
    };

    /** Before the chain that all services share, which knows of no pages; the actuator stays with that one. */
    @Bean
    @Order(0)
    SecurityFilterChain pages(
            HttpSecurity http,
            @Value("${switchboard.security.issuer}") String issuer,
            RequestCache whereTheyWanted,
            LogoutSuccessHandler signOutAtIssuer)
            throws Exception {
        http.securityMatcher(new NegatedRequestMatcher(pathPattern("/actuator/**")));
        http.authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                        DispatcherType.ERROR, DispatcherType.ASYNC, DispatcherType.FORWARD)
                .permitAll()
                .requestMatchers("/css/**", "/js/**", "/webjars/**", "/*.svg", "/favicon.ico")
                .permitAll()
                .requestMatchers("/signed-out", "/sign-in-failed", "/preferences", "/error")
                .permitAll()
                .requestMatchers("/ops/**")
                .hasRole(Role.OPERATOR.name())
                .anyRequest()
                .hasAnyRole(Role.TENANT.name(), Role.OPERATOR.name()));
        http.oauth2Login(login -> login.loginPage(SignIn.START)
                .failureUrl("/sign-in-failed")
                .userInfoEndpoint(userInfo -> userInfo.oidcUserService(new SignedInPeople())));
        http.logout(logout -> logout.logoutSuccessHandler(signOutAtIssuer));
        http.requestCache(cache -> cache.requestCache(whereTheyWanted));
        http.exceptionHandling(exceptions -> exceptions
                .defaultAuthenticationEntryPointFor(new HxRefreshHeaderAuthenticationEntryPoint(), PART_OF_A_PAGE)
                .defaultAuthenticationEntryPointFor(new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED), EVENT_STREAM)
                .defaultAuthenticationEntryPointFor(new LoginUrlAuthenticationEntryPoint(SignIn.START), request -> true)
                .accessDeniedHandler(notFoundInsteadOfForbidden()));
        http.headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(policy(issuer)))
                .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN)));
        return http.build();
    }

    /** The issuer is a form's target too: signing out, and any form sent after the session ended, leads there. */
    private static String policy(String issuer) {
        URI at = URI.create(issuer);
        String origin = at.getScheme() + "://" + at.getAuthority();
        return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                + "form-action 'self' " + origin + "; base-uri 'none'; frame-ancestors 'none'";
    }

    private static AccessDeniedHandler notFoundInsteadOfForbidden() {
        return (request, response, denied) -> {
            boolean hidden = request.getServletPath().startsWith("/ops") && !(denied instanceof CsrfException);
            response.sendError(hidden ? HttpServletResponse.SC_NOT_FOUND : HttpServletResponse.SC_FORBIDDEN);
        };
    }

    @Bean
    RequestCache whereTheyWanted() {
        HttpSessionRequestCache cache = new HttpSessionRequestCache();
        cache.setRequestMatcher(new AndRequestMatcher(
                request -> HttpMethod.GET.matches(request.getMethod()),
                new NegatedRequestMatcher(PART_OF_A_PAGE),
                new NegatedRequestMatcher(EVENT_STREAM)));
        return cache;
    }

    @Bean
    LogoutSuccessHandler signOutAtIssuer(ClientRegistrationRepository registrations) {
        OidcClientInitiatedLogoutSuccessHandler handler = new OidcClientInitiatedLogoutSuccessHandler(registrations);
        handler.setPostLogoutRedirectUri("{baseUrl}/");
        handler.setDefaultTargetUrl("/signed-out");
        return handler;
    }

    @Bean
    ClientRegistrationRepository issuerRegistrations(
            @Value("${switchboard.security.issuer}") String issuer, SignInProperties properties) {
        return new IssuerRegistrations(issuer, properties);
    }

    @Bean
    OAuth2AuthorizedClientRepository tokensInTheSession() {
        return new HttpSessionOAuth2AuthorizedClientRepository();
    }

    @Bean
    OAuth2AuthorizedClientManager freshTokens(
            ClientRegistrationRepository registrations, OAuth2AuthorizedClientRepository tokens) {
        DefaultOAuth2AuthorizedClientManager manager = new DefaultOAuth2AuthorizedClientManager(registrations, tokens);
        manager.setAuthorizedClientProvider(OAuth2AuthorizedClientProviderBuilder.builder()
                .authorizationCode()
                .refreshToken()
                .build());
        return manager;
    }
}
