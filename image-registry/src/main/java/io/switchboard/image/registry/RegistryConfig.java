package io.switchboard.image.registry;

import io.switchboard.image.token.RegistryTokens.Trust;
import java.net.URI;
import java.nio.file.Path;

/**
 * What the managed registry is told.
 *
 * @param data where it keeps images
 * @param realm where its clients get tokens
 * @param notifications where it reports pushes and deletes
 * @param notificationToken what it shows there
 * @param uploadSecret what it signs the state of uploads with
 */
record RegistryConfig(
        Path data, int port, Trust trust, URI realm, URI notifications, String notificationToken, String uploadSecret) {

    /** The content of {@code config.yml}; the same for the same values. */
    String render() {
        return """
                version: 0.1
                log:
                  level: warn
                  accesslog:
                    disabled: true
                storage:
                  filesystem:
                    rootdirectory: %s
                  delete:
                    enabled: true
                  cache:
                    blobdescriptor: inmemory
                http:
                  addr: 127.0.0.1:%d
                  secret: %s
                  headers:
                    X-Content-Type-Options: [nosniff]
                auth:
                  token:
                    realm: %s
                    service: %s
                    issuer: %s
                    rootcertbundle: %s
                notifications:
                  endpoints:
                    - name: switchboard
                      url: %s
                      headers:
                        Authorization: [%s]
                      timeout: 2s
                      threshold: 3
                      backoff: 2s
                      ignoredmediatypes:
                        - application/octet-stream
                """.formatted(
                        quoted(data),
                        port,
                        quoted(uploadSecret),
                        quoted(realm),
                        quoted(trust.service()),
                        quoted(trust.issuer()),
                        quoted(trust.certificate()),
                        quoted(notifications),
                        quoted("Bearer " + notificationToken));
    }

    @Override
    public String toString() {
        return "RegistryConfig[" + data + " " + port + "]";
    }

    private static String quoted(Object value) {
        return "'" + value.toString().replace("'", "''") + "'";
    }
}
