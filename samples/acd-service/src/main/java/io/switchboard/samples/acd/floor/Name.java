package io.switchboard.samples.acd.floor;

/** What agents and skills may be called. */
public final class Name {

    public static final String PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";

    private Name() {}
}
