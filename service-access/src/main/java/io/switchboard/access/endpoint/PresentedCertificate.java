package io.switchboard.access.endpoint;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A certificate that a balancer presents to callers of TLS.
 *
 * @param file its name in the directory of certificates
 * @param names hosts that it is for, in lower case; one may begin with {@code *.}
 * @param notAfter when it ends
 */
public record PresentedCertificate(String file, List<String> names, Instant notAfter) {

    public PresentedCertificate {
        Objects.requireNonNull(file);
        Objects.requireNonNull(notAfter);
        names = List.copyOf(names);
    }

    /** Whether it is for this host: a star stands for one label, the first (RFC 6125, 6.4.3). */
    public boolean fits(String host) {
        int dot = host.indexOf('.');
        return names.contains(host) || dot > 0 && names.contains("*" + host.substring(dot));
    }
}
