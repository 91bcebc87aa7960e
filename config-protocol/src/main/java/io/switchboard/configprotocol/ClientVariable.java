package io.switchboard.configprotocol;

/** The environment variables by which a task learns where its configuration is. */
public enum ClientVariable {
    /** Connect string, as in {@code host:port,host:port}. */
    SWITCHBOARD_CONFIG_ZOOKEEPER,
    SWITCHBOARD_CONFIG_TENANT,
    SWITCHBOARD_CONFIG_APPLICATION,
    SWITCHBOARD_CONFIG_STAGE,
    /** User of a ZooKeeper digest credential that may read this application's nodes. */
    SWITCHBOARD_CONFIG_USER,
    /** Secret of that credential. */
    SWITCHBOARD_CONFIG_SECRET,
    /**
     * Opens this application's encrypted items. Not the credential's secret, which ZooKeeper's clients send over the
     * network: this key never leaves the process. Missing if the center keeps no encrypted items.
     */
    SWITCHBOARD_CONFIG_ACCESS_KEY
}
