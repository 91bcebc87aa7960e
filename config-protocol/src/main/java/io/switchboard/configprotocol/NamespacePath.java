package io.switchboard.configprotocol;

import java.util.regex.Pattern;

/**
 * Where one namespace lives in ZooKeeper:
 *
 * <pre>
 * /switchboard/config/&lt;tenant&gt;/&lt;application&gt;/&lt;stage&gt;/&lt;namespace&gt;
 *     draft               unpublished items; the node's version is the draft's revision; the center's only
 *     releases/&lt;number&gt;   one {@link Release} each, never changed
 *     current             the release in effect, or where it is: see {@link Current}; the only node that clients watch
 *     current/canary      a {@link Canary}, as long as there is one
 *     clients/&lt;client&gt;    a {@link ClientReport}, ephemeral; {@code clients} itself holds the center's ACL id
 * </pre>
 *
 * @param tenant lower-case letters, digits and dashes, starts with a letter, at most 31 characters
 * @param application like the tenant, at most 63 characters
 * @param stage like the application
 * @param namespace like the application, dots allowed
 */
public record NamespacePath(String tenant, String application, String stage, String namespace)
        implements Comparable<NamespacePath> {

    /** All nodes of the config center lie below. */
    public static final String ROOT = "/switchboard/config";

    /** Below it, builds of all applications leave what they take. */
    public static final String BUILDS = "/switchboard/config-center/builds";

    /** The namespace that an application reads if it names none. */
    public static final String DEFAULT_NAMESPACE = "application";

    private static final Pattern TENANT = Pattern.compile("[a-z]([a-z0-9-]{0,29}[a-z0-9])?");
    private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern DOTTED_NAME = Pattern.compile("[a-z]([a-z0-9-]|\\.(?=[a-z0-9])){0,62}(?<!-)");

    /** @throws IllegalArgumentException naming the part that is not a name; it does not repeat what was given */
    public NamespacePath {
        check("tenant", TENANT, tenant, 31);
        check("application", NAME, application, 63);
        check("stage", NAME, stage, 63);
        check("namespace", DOTTED_NAME, namespace, 63);
    }

    private static void check(String part, Pattern pattern, String name, int longest) {
        if (!pattern.matcher(name).matches()) {
            throw new IllegalArgumentException(part + " must be lower-case letters, digits and dashes"
                    + (pattern == DOTTED_NAME ? " (single dots between them are fine)" : "")
                    + ", start with a letter, end with a letter or digit, and have at most " + longest
                    + " characters");
        }
    }

    /** Another namespace of the same application and stage. */
    public NamespacePath sibling(String name) {
        return new NamespacePath(tenant, application, stage, name);
    }

    public String tenantNode() {
        return ROOT + "/" + tenant;
    }

    public String applicationNode() {
        return tenantNode() + "/" + application;
    }

    public String stageNode() {
        return applicationNode() + "/" + stage;
    }

    public String node() {
        return stageNode() + "/" + namespace;
    }

    public String draft() {
        return node() + "/draft";
    }

    public String releases() {
        return node() + "/releases";
    }

    /** @param number of the release, at least 1 */
    public String release(long number) {
        return releases() + "/" + number;
    }

    /** Where comments of releases are, each below its number; only the center reads them. */
    public String comments() {
        return node() + "/comments";
    }

    public String current() {
        return node() + "/current";
    }

    /** Below {@link #current}, whose watchers are told when it comes and goes, and whose statistics say that it is there. */
    public String canary() {
        return current() + "/canary";
    }

    public String clients() {
        return node() + "/clients";
    }

    /** @param client any text; what can't stand in a node's name is replaced by a dash */
    public String client(String client) {
        return clients() + "/" + client.replaceAll("[^A-Za-z0-9:._~-]", "-").replaceFirst("^\\.+$", "-");
    }

    /**
     * Where the application's builds leave their {@link ApplicationMetadata}, one node each; it holds the center's ACL id. Apart
     * from its namespaces, as all stages share it.
     */
    public String builds() {
        return BUILDS + "/" + tenant + "/" + application;
    }

    /** The four names with slashes between, as in {@code acme/desk/prod/application}. */
    @Override
    public String toString() {
        return String.join("/", tenant, application, stage, namespace);
    }

    /** By {@link #toString}. */
    @Override
    public int compareTo(NamespacePath other) {
        return toString().compareTo(other.toString());
    }

    /** The reverse of {@link #toString}. */
    public static NamespacePath parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("A namespace path has four parts but this one has " + parts.length);
        }
        return new NamespacePath(parts[0], parts[1], parts[2], parts[3]);
    }
}
