package io.switchboard.access.route;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host name of the tenant's own, or a path of one, by which a port of an instance is called, once DNS shows that the tenant may
 * say so.
 *
 * @param name in lower case and ASCII, at most {@value #LONGEST_NAME} characters
 * @param path the part of the host that is meant, as of {@link Route.Path}; {@code /} for all of it that no other path has
 * @param port the name of the service's port
 * @param token what DNS must show for it, made for this tenant's claim and no other
 * @param claimedAt when it was claimed for this instance, or released by it
 * @param verifiedAt since when DNS has shown it; null: it hasn't, and nobody is led here
 * @param missingSince since when DNS shows it no more although it did; null: it does
 */
public record Domain(
        String name,
        // Absent in what earlier versions stored.
        @JsonSetter(nulls = Nulls.AS_EMPTY) String path,
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
        path = path.isEmpty() ? Route.Path.WHOLE_HOST : path;
        if (!path.equals(Route.Path.WHOLE_HOST)) {
            Route.Path.check(path);
        }
        if (name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("name must be at most " + LONGEST_NAME + " characters");
        }
        if (!TOKEN.matcher(token).matches()) {
            throw new IllegalArgumentException("token must be 32 to 64 hexadecimal digits");
        }
    }

    /** One of which DNS has shown nothing yet. */
    public static Domain claimed(String name, String path, String port, String token, Instant now) {
        return new Domain(name, path, port, token, now, null, null);
    }

    /** Whether callers are led by it. */
    public boolean verified() {
        return verifiedAt != null;
    }

    public Domain verified(Instant now) {
        return new Domain(name, path, port, token, claimedAt, now, null);
    }

    public Domain missing(Instant since) {
        return new Domain(name, path, port, token, claimedAt, verifiedAt, since);
    }

    public Domain shownAgain() {
        return new Domain(name, path, port, token, claimedAt, verifiedAt, null);
    }

    public Domain released(Instant now) {
        return claimed(name, path, port, token, now);
    }

    /** The same host for another path or port, of this instance or another one: what DNS shows is told of the host. */
    public Domain at(String otherPath, String otherPort, Instant now) {
        return new Domain(name, otherPath, otherPort, token, now, verifiedAt, missingSince);
    }

    /** What it has of the host, as of {@link Route.Http#place}. */
    public String place() {
        return path.equals(Route.Path.WHOLE_HOST) ? name : name + path;
    }

    /** What leads callers of HTTP once it is verified. */
    Route.Http route() {
        return path.equals(Route.Path.WHOLE_HOST) ? new Route.Host(port, name) : new Route.Path(port, name, path);
    }
}
