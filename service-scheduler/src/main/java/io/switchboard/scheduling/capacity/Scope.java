package io.switchboard.scheduling.capacity;

import io.switchboard.capacity.model.Kind;

/**
 * What a model version is about, and for whom it was measured; an empty string stands for all.
 *
 * @param tenant not empty only with an image
 */
record Scope(Kind kind, String image, String tenant, String nodeClass) {

    Scope {
        if (image.isEmpty() && !tenant.isEmpty()) {
            throw new IllegalArgumentException("a tenant's model must be of an image, but there is none");
        }
    }

    static Scope of(Kind kind) {
        return new Scope(kind, "", "", "");
    }

    /** Whether plans fall back to this one's models when nothing narrower is there. */
    boolean isWidest() {
        return image.isEmpty();
    }

    Scope on(String otherClass) {
        return new Scope(kind, image, tenant, otherClass);
    }

    /** The image's name without digest and tag. */
    String repository() {
        return repository(image);
    }

    static String repository(String image) {
        int digest = image.indexOf('@');
        var named = digest < 0 ? image : image.substring(0, digest);
        int tag = named.indexOf(':', named.lastIndexOf('/') + 1);
        return tag < 0 ? named : named.substring(0, tag);
    }
}
