package io.switchboard.contracts.ordering;

/** What an order asks for. */
public enum OrderKind {
    OPEN,
    EXTEND,
    UPGRADE,
    RESTART,
    DELETE
}
