package io.switchboard.configprotocol;

/**
 * What a namespace holds. Its name tells, as a file's name does: {@code routing.yaml} is one YAML document, {@code routing} are
 * items.
 */
public enum Format {
    /** Items: keys with values. */
    PROPERTIES(""),
    /** One document, a mapping. Clients read its leaves as keys, as Spring Boot reads {@code application.yaml}. */
    YAML(".yaml"),
    /** One document, an object (RFC 8259). Clients read its leaves as keys, as Spring Boot reads {@code spring.application.json}. */
    JSON(".json"),
    /** Any text; clients read it as it is. */
    TEXT(".txt");

    /** The key of the one item in which a document stands. */
    public static final String CONTENT = "content";

    private final String ending;

    Format(String ending) {
        this.ending = ending;
    }

    /** @param namespace its name */
    public static Format of(String namespace) {
        for (Format format : values()) {
            if (format.isDocument() && namespace.endsWith(format.ending)) {
                return format;
            }
        }
        return namespace.endsWith(".yml") ? YAML : PROPERTIES;
    }

    /** Whether it is one text under {@link #CONTENT}, and no items. */
    public boolean isDocument() {
        return this != PROPERTIES;
    }

    /** Whether it is a document whose leaves clients read as keys. */
    public boolean hasLeaves() {
        return this == YAML || this == JSON;
    }
}
