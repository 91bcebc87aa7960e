package io.switchboard.standalone.identity;

import io.switchboard.contracts.identity.Role;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;

/** The console, the services, the operator's scripts, and whoever came with a valid API key. */
final class Clients implements RegisteredClientRepository {

    static final String CONSOLE = "console";
    static final String SERVICE = "service";
    static final String OPERATOR = "operator-cli";
    static final String TENANT_SETTING = "switchboard.tenant";
    static final String ROLES_SETTING = "switchboard.roles";
    static final String USER_SETTING = "switchboard.user";

    private final IdentityProperties properties;
    private final RegisteredClient console;
    private final RegisteredClient service;
    private final RegisteredClient operator;

    Clients(IdentityProperties properties, PasswordEncoder passwords) {
        this.properties = properties;
        this.console = RegisteredClient.withId(CONSOLE)
                .clientId(CONSOLE)
                .clientSecret(passwords.encode(properties.consoleSecret()))
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
                .redirectUris(uris -> uris.addAll(properties.consoleRedirects()))
                .postLogoutRedirectUris(uris -> properties.consoleRedirects().stream()
                        .map(uri -> uri.replaceAll("(https?://[^/]+/).*", "$1"))
                        .forEach(uris::add))
                .scope(OidcScopes.OPENID)
                .tokenSettings(tokens())
                .clientSettings(ClientSettings.builder().requireProofKey(true).build())
                .build();
        this.service = machine(SERVICE, Optional.empty(), List.of(Role.SERVICE), Optional.empty())
                .clientSecret(passwords.encode(properties.serviceSecret()))
                .build();
        this.operator = machine(OPERATOR, Optional.empty(), List.of(Role.OPERATOR), Optional.empty())
                .clientSecret(passwords.encode(properties.operatorSecret()))
                .build();
    }

    /**
     * A client that was checked already; it lives as long as its request.
     *
     * @param user whose key it is
     */
    RegisteredClient apiKey(String id, Optional<String> tenant, List<Role> roles, Optional<String> user) {
        return machine(id, tenant, roles, user).build();
    }

    private RegisteredClient.Builder machine(
            String id, Optional<String> tenant, List<Role> roles, Optional<String> user) {
        var settings = ClientSettings.builder()
                .setting(
                        ROLES_SETTING,
                        roles.stream()
                                .map(role -> role.name().toLowerCase(Locale.ROOT))
                                .toList());
        tenant.ifPresent(name -> settings.setting(TENANT_SETTING, name));
        user.ifPresent(name -> settings.setting(USER_SETTING, name));
        return RegisteredClient.withId(id)
                .clientId(id)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .clientSettings(settings.build())
                .tokenSettings(tokens());
    }

    private TokenSettings tokens() {
        return TokenSettings.builder()
                .accessTokenTimeToLive(properties.accessTokenLife())
                .build();
    }

    @Override
    public void save(RegisteredClient client) {
        throw new IllegalStateException("clients come from settings and API keys only");
    }

    @Override
    public @Nullable RegisteredClient findById(String id) {
        return findByClientId(id);
    }

    @Override
    public @Nullable RegisteredClient findByClientId(String clientId) {
        return switch (clientId) {
            case CONSOLE -> console;
            case SERVICE -> service;
            case OPERATOR -> operator;
            default -> null;
        };
    }
}
