package io.switchboard.config.delivery;

import io.switchboard.configprotocol.Canary;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.configprotocol.ShortHash;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What several namespaces of an application were at, at one moment.
 *
 * @param releases in effect, empty where nothing was published
 * @param canaries that run, by namespace
 * @param zxid the last transaction of ZooKeeper that changed one of them
 */
record Snapshot(
        SortedMap<NamespacePath, Optional<Release>> releases, SortedMap<NamespacePath, Given> canaries, long zxid) {

    /** A canary and the release that its clients get. */
    record Given(Canary canary, Release release) {}

    /**
     * Who asks.
     *
     * @param client its name; empty for one that takes no canaries
     */
    record Asking(Optional<String> client, Map<String, String> labels) {

        private boolean gets(Given given) {
            return client.filter(name -> given.canary().isFor(name, labels)).isPresent();
        }
    }

    private static final Pattern TAG = Pattern.compile("\"?([0-9a-f]{1,16})-([0-9a-f]{32})\"?");

    Snapshot {
        releases = new TreeMap<>(releases);
        canaries = new TreeMap<>(canaries);
    }

    /** As it is for one client: with the canaries that it is chosen for in place of what is in effect. */
    Snapshot as(Asking asking) {
        if (canaries.isEmpty()) {
            return this;
        }
        SortedMap<NamespacePath, Optional<Release>> own = new TreeMap<>(releases);
        canaries.forEach((path, given) -> {
            if (asking.gets(given)) {
                own.put(path, Optional.of(given.release()));
            }
        });
        return new Snapshot(own, new TreeMap<>(), zxid);
    }

    /**
     * Names the releases, and says how new the state is that they were read from: a node of ours that is behind another one
     * notices, and catches up before it answers.
     */
    String tag() {
        return Long.toHexString(zxid) + "-" + digest();
    }

    private String digest() {
        var text = new StringBuilder();
        releases.forEach((path, release) -> text.append(path.namespace())
                .append(' ')
                .append(release.map(
                                found -> found.number() + " " + found.pointer().hash())
                        .orElse("0"))
                .append('\n'));
        return ShortHash.of(text.toString());
    }

    /** What a client says that it has. */
    record Known(String digest, long zxid) {

        /** Empty if it says nothing that we ever told. */
        static Optional<Known> of(@Nullable String tag) {
            Matcher matcher = TAG.matcher(tag == null ? "" : tag.strip().replaceFirst("^W/", ""));
            return matcher.matches()
                    ? Optional.of(new Known(matcher.group(2), Long.parseUnsignedLong(matcher.group(1), 16)))
                    : Optional.empty();
        }
    }

    boolean is(Known known) {
        return known.digest().equals(digest());
    }

    /** Whether the client has seen a later state than this, as far as can be told. */
    boolean isBehind(Known known) {
        return known.zxid() > zxid;
    }
}
