package io.switchboard.marathon.simulator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Paths of apps, pods and groups: Marathon makes {@code x}, {@code //x} and {@code /a/../x} all {@code /x}. */
final class Ids {

    static final String ROOT = "/";

    private Ids() {}

    /** @param base what relative ids are below */
    static String absolute(String id, String base) {
        String path = id.startsWith("/") ? id : base + "/" + id;
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : path.split("/")) {
            if (segment.equals("..")) {
                segments.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        return "/" + String.join("/", segments);
    }

    static String absolute(String id) {
        return absolute(id, ROOT);
    }

    static boolean isBelow(String id, String group) {
        return group.equals(ROOT) ? !id.equals(ROOT) : id.startsWith(group + "/");
    }

    static boolean isAtOrBelow(String id, String group) {
        return id.equals(group) || isBelow(id, group);
    }

    static Optional<String> parent(String id) {
        if (id.equals(ROOT)) {
            return Optional.empty();
        }
        int slash = id.lastIndexOf('/');
        return Optional.of(slash == 0 ? ROOT : id.substring(0, slash));
    }

    static String last(String id) {
        return id.substring(id.lastIndexOf('/') + 1);
    }

    /** How task ids begin. */
    static String inTaskIds(String id) {
        return id.substring(1).replace('/', '_');
    }
}
