package io.switchboard.request.catalog;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What orders run as long as no operator has pinned an image.
 *
 * @param images by service type: a repository with digest, or a bare name that only the process engine knows
 */
@ConfigurationProperties("request.catalog")
record CatalogProperties(@DefaultValue Map<String, String> images) {

    CatalogProperties {
        images = Map.copyOf(images);
    }
}
