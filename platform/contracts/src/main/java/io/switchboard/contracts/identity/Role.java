package io.switchboard.contracts.identity;

/** What a caller may do; the claim {@code roles} of an access token lists them in lower case. */
public enum Role {
    /** Orders, looks at and configures what its own tenant owns. */
    TENANT,
    /** Runs the platform: sees every tenant, keeps the catalog, tenants and credentials. */
    OPERATOR,
    /** A service of ours calling another. */
    SERVICE
}
