package io.switchboard.access.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs that tests run; one that is missing fails the test and says what to install. */
public final class Programs {

    private Programs() {}

    public static Path etcd() {
        return find("etcd", "etcd-server");
    }

    public static Path haproxy() {
        return find("haproxy", "haproxy");
    }

    public static Path dnsmasq() {
        return find("dnsmasq", "dnsmasq-base");
    }

    public static Path kamailio() {
        return find("kamailio", "kamailio");
    }

    public static Path sipp() {
        return find("sipp", "sip-tester");
    }

    private static Path find(String program, String debianPackage) {
        return List.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin").stream()
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("this test needs the program '" + program
                        + "'; install it with: apt-get install " + debianPackage));
    }
}
