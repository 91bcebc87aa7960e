package io.switchboard.image.token;

import java.util.List;

/** One entry of a registry token's {@code access} claim. */
public record Access(String type, String name, List<String> actions) {

    public Access {
        actions = List.copyOf(actions);
    }

    /** All repositories may be listed. */
    public static Access catalog() {
        return new Access("registry", "catalog", List.of("*"));
    }

    public static Access pull(String repository) {
        return new Access("repository", repository, List.of("pull"));
    }
}
