package io.switchboard.console.session;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;

/**
 * The issuer as it describes itself, asked when somebody first signs in, so that the console may start before the
 * issuer does. A question that failed is asked again.
 */
class IssuerRegistrations implements ClientRegistrationRepository {

    static final String ID = "switchboard";

    private final String issuer;
    private final SignInProperties properties;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable ClientRegistration known;

    IssuerRegistrations(String issuer, SignInProperties properties) {
        this.issuer = issuer;
        this.properties = properties;
    }

    @Override
    public @Nullable ClientRegistration findByRegistrationId(String registrationId) {
        if (!ID.equals(registrationId)) {
            return null;
        }
        ClientRegistration registration = known;
        return registration != null ? registration : ask();
    }

    private ClientRegistration ask() {
        asking.lock();
        try {
            ClientRegistration registration = known;
            if (registration == null) {
                registration = ClientRegistrations.fromIssuerLocation(issuer)
                        .registrationId(ID)
                        .clientId(properties.clientId())
                        .clientSecret(properties.clientSecret())
                        .scope("openid")
                        .build();
                known = registration;
            }
            return registration;
        } finally {
            asking.unlock();
        }
    }
}
