package io.switchboard.config.backup;

import java.util.regex.Pattern;

/**
 * What the center keeps, each kind in nodes of its own; in the order in which a backup has them. What isn't here is none of it: nodes
 * that go with their session, releases that are about to be told, and who inherits whom, which releases say.
 */
enum Place {
    FREEZES(Owner.TENANT, "config-center/freezes/{t}/{x}", Name.STAGE),
    READER_KEYS(Owner.APPLICATION, "config-center/readers/{t}/{a}", Name.NONE),
    READER_KEY_USES(Owner.APPLICATION, "config-center/readers-used/{t}.{a}", Name.NONE),
    READERS_UNSETTLED(Owner.APPLICATION, "config-center/readers-unsettled/{t}.{a}", Name.NONE),
    READERS_RETIRING(Owner.APPLICATION, "config-center/readers-retiring/{t}.{a}.{x}", Name.TIME),
    BUILDS(Owner.APPLICATION, "config-center/builds/{t}/{a}", Name.NONE),
    BUILD(Owner.APPLICATION, "config-center/builds/{t}/{a}/{x}", Name.BUILD),
    RULES(Owner.STAGE, "config-center/rules/{t}/{a}/{s}", Name.NONE),
    SCHEDULE(Owner.STAGE, "config-center/schedules/{t}/{a}/{s}", Name.NONE),
    DUE(Owner.STAGE, "config-center/due/{time}~{t}~{a}~{s}~{id}", Name.TIME_AND_ID),
    CANARIES(Owner.STAGE, "config-center/canaries/{t}/{a}/{s}", Name.NONE),
    CANARY_RUNNING(Owner.STAGE, "config-center/canaries-running/{t}~{a}~{s}~{x}", Name.ID),
    ACCESS_KEYS(Owner.STAGE, "config-center/keys/{t}/{a}/{s}/.access", Name.NONE),
    ACCESS_RETIRING(Owner.STAGE, "config-center/access-retiring/{t}~{a}~{s}~{x}", Name.TIME),
    SCHEMA(Owner.NAMESPACE, "config-center/schemas/{t}/{a}/{s}/{n}", Name.NONE),
    DATA_KEYS(Owner.NAMESPACE, "config-center/keys/{t}/{a}/{s}/{n}", Name.NONE),
    REVIEW(Owner.NAMESPACE, "config/{t}/{a}/{s}/{n}/review", Name.NONE),
    DRAFT(Owner.NAMESPACE, "config/{t}/{a}/{s}/{n}/draft", Name.NONE),
    CURRENT(Owner.NAMESPACE, "config/{t}/{a}/{s}/{n}/current", Name.NONE),
    CANARY(Owner.NAMESPACE, "config/{t}/{a}/{s}/{n}/current/canary", Name.NONE),
    RELEASE(Owner.NAMESPACE, "config/{t}/{a}/{s}/{n}/releases/{x}", Name.NUMBER),
    COMMENTS(Owner.NAMESPACE, "config/{t}/{a}/{s}/{n}/comments/{x}", Name.NUMBER),

    /** In the database, not in ZooKeeper. */
    EARLIER_RELEASE(Owner.NAMESPACE, "", Name.NUMBER);

    private static final String ROOT = "/switchboard/";

    private final Owner owner;
    private final String node;
    private final Name name;

    Place(Owner owner, String node, Name name) {
        this.owner = owner;
        this.node = node;
        this.name = name;
    }

    /** What it belongs to: each names all before it. */
    enum Owner {
        TENANT,
        APPLICATION,
        STAGE,
        NAMESPACE
    }

    /** How several of one owner are told apart. */
    enum Name {
        NONE(""),
        STAGE("[a-z]([a-z0-9-]{0,61}[a-z0-9])?"),
        TIME("[0-9]{1,18}"),
        ID("[A-Za-z0-9][A-Za-z0-9._-]{0,62}"),
        TIME_AND_ID("[0-9]{13}~" + ID.pattern),
        BUILD("[A-Za-z0-9_+-][A-Za-z0-9._:+~-]{0,199}"),
        NUMBER("[1-9][0-9]{0,17}");

        private final Pattern pattern;

        Name(String pattern) {
            this.pattern = Pattern.compile(pattern);
        }
    }

    Owner owner() {
        return owner;
    }

    boolean allows(String given) {
        return name.pattern.matcher(given).matches();
    }

    boolean isNumbered() {
        return name == Name.NUMBER;
    }

    boolean isNode() {
        return !node.isEmpty();
    }

    String node(Address address) {
        String[] timeAndId = address.name().split("~", 2);
        return ROOT
                + node.replace("{t}", address.tenant())
                        .replace("{a}", address.application())
                        .replace("{s}", address.stage())
                        .replace("{n}", address.namespace())
                        .replace("{x}", address.name())
                        .replace("{time}", timeAndId[0])
                        .replace("{id}", timeAndId[timeAndId.length - 1]);
    }
}
