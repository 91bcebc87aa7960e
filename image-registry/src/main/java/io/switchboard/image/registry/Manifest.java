package io.switchboard.image.registry;

import java.util.List;

/**
 * One image, or a list of images for several platforms.
 *
 * @param sizeBytes of layers and config together; of a list, its images' together
 */
public record Manifest(String digest, long sizeBytes) {

    static final List<String> MEDIA_TYPES = List.of(
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.docker.distribution.manifest.v2+json",
            "application/vnd.oci.image.index.v1+json",
            "application/vnd.docker.distribution.manifest.list.v2+json");

    static boolean isManifest(String mediaType) {
        return MEDIA_TYPES.contains(mediaType);
    }
}
