package io.switchboard.scheduling.task;

import io.switchboard.contracts.image.ImagesApi;
import io.switchboard.engine.PullCredentials;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.client.RestClientException;

/**
 * Asks the image registry for a credential that can pull one repository, before each pull. While the registry is
 * silent the pull is tried without one; the engine reports what comes of it and tries again.
 */
final class RegistryPullCredentials implements PullCredentials {

    private static final Logger log = LoggerFactory.getLogger(RegistryPullCredentials.class);

    private final ImagesApi images;

    RegistryPullCredentials(ImagesApi images) {
        this.images = images;
    }

    @Override
    public Optional<Login> forRegistry(String registry) {
        return Optional.empty();
    }

    @Override
    public Optional<Login> forRepository(String registry, String repository) {
        try {
            var credential = images.pullCredential(repository);
            if (!credential.registry().equals(registry)) {
                // Some other registry is nobody to show our secret to.
                return Optional.empty();
            }
            return Optional.of(new Login(credential.user(), credential.secret()));
        } catch (RestClientException | IllegalStateException e) {
            // An unknown service name is an IllegalStateException of the load balancer.
            log.warn("{} is pulled without a login: the image registry gave no credential", repository);
            return Optional.empty();
        }
    }
}
