package io.switchboard.standalone.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import io.switchboard.contracts.identity.CredentialsApi;
import io.switchboard.contracts.identity.Role;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.MediaTypeRequestMatcher;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/** Wires Spring's authorization server to the request service, which knows people and API keys. */
@Configuration(proxyBeanMethods = false)
class IdentityConfiguration {

    /** What a token says it is (RFC 9068), so that no ID token, which has the same roles, is taken for one. */
    private static final String ACCESS_TOKEN = "at+jwt";

    @Bean
    RSAKey signingKey(IdentityProperties properties) {
        return SigningKey.in(properties.directory());
    }

    @Bean
    JWKSource<SecurityContext> keys(RSAKey key) {
        return new ImmutableJWKSet<>(new JWKSet(key));
    }

    @Bean
    JwtEncoder jwtEncoder(JWKSource<SecurityContext> keys) {
        return new NimbusJwtEncoder(keys);
    }

    @Bean
    JwtDecoder jwtDecoder(RSAKey key) throws JOSEException {
        var decoder = NimbusJwtDecoder.withPublicKey(key.toRSAPublicKey())
                .validateType(false)
                .build();
        decoder.setJwtValidator(JwtValidators.createDefaultWithValidators(
                new JwtTypeValidator(ACCESS_TOKEN, "application/" + ACCESS_TOKEN)));
        return decoder;
    }

    @Bean
    AuthorizationServerSettings authorizationServer(IdentityProperties properties) {
        return AuthorizationServerSettings.builder()
                .issuer(properties.issuer().toString())
                .build();
    }

    @Bean
    PasswordEncoder passwordEncoder() {
        return new BCryptPasswordEncoder();
    }

    @Bean
    Clients clients(IdentityProperties properties, PasswordEncoder passwords) {
        return new Clients(properties, passwords);
    }

    @Bean
    Authorizations authorizations() {
        return new Authorizations();
    }

    @Bean
    Guesses guesses(Clock clock) {
        return new Guesses(clock);
    }

    /** Speaks for itself: it holds the key that others ask it to sign with. */
    @Bean
    CredentialsApi credentials(IdentityProperties properties, JwtEncoder tokens, Clock clock) {
        var requests = new SimpleClientHttpRequestFactory();
        requests.setConnectTimeout(Duration.ofSeconds(2));
        requests.setReadTimeout(Duration.ofSeconds(5));
        var client = RestClient.builder()
                .baseUrl(properties.requestService())
                .requestFactory(requests)
                .requestInterceptor((request, body, execution) -> {
                    request.getHeaders().setBearerAuth(ownToken(properties, tokens, clock));
                    return execution.execute(request, body);
                })
                .build();
        return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client))
                .build()
                .createClient(CredentialsApi.class);
    }

    private static String ownToken(IdentityProperties properties, JwtEncoder tokens, Clock clock) {
        var now = clock.instant();
        var claims = JwtClaimsSet.builder()
                .issuer(properties.issuer().toString())
                .subject("identity")
                .issuedAt(now)
                .expiresAt(now.plusSeconds(60))
                .claim("roles", List.of(Role.SERVICE.name().toLowerCase(Locale.ROOT)))
                .build();
        var header = JwsHeader.with(SignatureAlgorithm.RS256).type(ACCESS_TOKEN).build();
        return tokens.encode(JwtEncoderParameters.from(header, claims)).getTokenValue();
    }

    /** Tenant and roles go into access and id tokens alike; the type tells them apart. */
    @Bean
    OAuth2TokenCustomizer<JwtEncodingContext> claims() {
        return context -> {
            if (OAuth2TokenType.ACCESS_TOKEN.equals(context.getTokenType())) {
                context.getJwsHeader().type(ACCESS_TOKEN);
            }
            Authentication principal = context.getPrincipal();
            if (principal != null && principal.getPrincipal() instanceof Person person) {
                context.getClaims()
                        .claim(
                                "roles",
                                person.roles().stream()
                                        .map(role -> role.name().toLowerCase(Locale.ROOT))
                                        .toList());
                person.tenant().ifPresent(tenant -> context.getClaims().claim("tenant", tenant));
                return;
            }
            var settings = context.getRegisteredClient().getClientSettings();
            List<String> roles = settings.getSetting(Clients.ROLES_SETTING);
            String tenant = settings.getSetting(Clients.TENANT_SETTING);
            String user = settings.getSetting(Clients.USER_SETTING);
            if (roles != null) {
                context.getClaims().claim("roles", roles);
            }
            if (tenant != null) {
                context.getClaims().claim("tenant", tenant);
            }
            if (user != null) {
                context.getClaims().claim("api_key_user", user);
            }
        };
    }

    @Bean
    @Order(1)
    SecurityFilterChain protocol(HttpSecurity http, CredentialsApi credentials, Clients clients, Guesses guesses) {
        return http.oauth2AuthorizationServer(server -> {
                    http.securityMatcher(server.getEndpointsMatcher());
                    server.oidc(Customizer.withDefaults());
                    server.clientAuthentication(client -> client.authenticationProviders(providers -> {
                                providers.addFirst(new ApiKeyLogin(credentials, clients));
                                var guarded = new GuardedClientLogin(List.copyOf(providers), guesses);
                                providers.clear();
                                providers.add(guarded);
                            })
                            .errorResponseHandler(new ClientRefusal()));
                })
                .authorizeHttpRequests(paths -> paths.anyRequest().authenticated())
                // Programs post to these, and have no use for a login page.
                .exceptionHandling(failures -> failures.defaultAuthenticationEntryPointFor(
                                new ClientRefusal(),
                                PathPatternRequestMatcher.withDefaults()
                                        .matcher(HttpMethod.POST, "/oauth2/{endpoint:token|introspect|revoke|par}"))
                        .defaultAuthenticationEntryPointFor(
                                new LoginUrlAuthenticationEntryPoint("/login"),
                                new MediaTypeRequestMatcher(MediaType.TEXT_HTML)))
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain people(HttpSecurity http, CredentialsApi credentials, Guesses guesses) {
        return http.securityMatcher("/login", "/logout", "/css/**", "/favicon.svg")
                .authorizeHttpRequests(paths -> paths.anyRequest().permitAll())
                .authenticationProvider(new PasswordLogin(credentials, guesses))
                .formLogin(form -> form.loginPage("/login")
                        .failureHandler((request, response, failure) -> response.sendRedirect(
                                failure instanceof TooManyGuesses many
                                        ? "/login?wait=" + many.seconds()
                                        : "/login?error"))
                        .permitAll())
                .headers(
                        headers -> headers.contentSecurityPolicy(
                                policy -> policy.policyDirectives(
                                        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'")))
                .build();
    }
}
