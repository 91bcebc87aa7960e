package io.switchboard.standalone;

/** Starts every service in this JVM. */
public final class Standalone {

    private Standalone() {}

    public static void main(String[] args) {}
}
