package io.switchboard.access.route;

import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host name of the tenant's own by which a port of an instance is called, once DNS shows that the tenant may say so.
 *
 * @param name in lower case and ASCII, at most {@value #LONGEST_NAME} characters
 * @param port the name of the service's port
 * @param token what DNS must show for it, made for this tenant's claim and no other
 * @param claimedAt when it was claimed for this instance, or released by it
 * @param verifiedAt since when DNS has shown it; null: it hasn't, and nobody is led here
 * @param missingSince since when DNS shows it no more although it did; null: it does
 */
public record Domain(
        String name,
        String port,
        String token,
        Instant claimedAt,
        @Nullable Instant verifiedAt,
        @Nullable Instant missingSince) {

    /** The name under which the token is published is longer than the domain's, and must not exceed 253. */
    public static final int LONGEST_NAME = 220;

    private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{32,64}");

    public Domain {
        Objects.requireNonNull(claimedAt);
        ListeningPort.checkName(port);
        Route.Host.check(name);
        if (name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("name must be at most " + LONGEST_NAME + " characters");
        }
        if (!TOKEN.matcher(token).matches()) {
            throw new IllegalArgumentException("token must be 32 to 64 hexadecimal digits");
        }
    }

    /** One of which DNS has shown nothing yet. */
    public static Domain claimed(String name, String port, String token, Instant now) {
        return new Domain(name, port, token, now, null, null);
    }

    /** Whether callers are led by it. */
    public boolean verified() {
        return verifiedAt != null;
    }

    public Domain verified(Instant now) {
        return new Domain(name, port, token, claimedAt, now, null);
    }

    public Domain missing(Instant since) {
        return new Domain(name, port, token, claimedAt, verifiedAt, since);
    }

    public Domain shownAgain() {
        return new Domain(name, port, token, claimedAt, verifiedAt, null);
    }

    public Domain released(Instant now) {
        return claimed(name, port, token, now);
    }

    /** The same for another port, of this instance or another one. */
    public Domain at(String otherPort, Instant now) {
        return new Domain(name, otherPort, token, now, verifiedAt, missingSince);
    }
}
