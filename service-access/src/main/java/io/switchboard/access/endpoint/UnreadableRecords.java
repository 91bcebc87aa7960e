package io.switchboard.access.endpoint;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;

/** Which keys of etcd can't be read now. Each is told of once, however often it is read, until it was right meanwhile. */
final class UnreadableRecords {

    private static final Logger log = LoggerFactory.getLogger(UnreadableRecords.class);
    private static final int LONGEST_KEY = 300;

    private final Clock clock;
    private final Map<String, UnreadableRecord> records = new ConcurrentSkipListMap<>();

    UnreadableRecords(Clock clock) {
        this.clock = clock;
    }

    void noticed(String key, JacksonException e) {
        // Jackson's messages quote the value.
        noticed(key, e instanceof StreamReadException ? "it isn't JSON" : "a field of it is missing or wrong");
    }

    void noticed(String key, String reason) {
        var record = new UnreadableRecord(printable(key), reason, clock.instant());
        if (records.putIfAbsent(key, record) == null) {
            log.warn("{} in etcd can't be read and is passed over: {}", record.key(), reason);
        }
    }

    /** It was put right, or is there no more. */
    void mended(String key) {
        records.remove(key);
    }

    boolean contains(String key) {
        return records.containsKey(key);
    }

    /** All others are there no more, but for routes, which are read one by one. */
    void listed(Set<String> keys) {
        records.keySet().removeIf(key -> !keys.contains(key) && !key.startsWith(EtcdKeys.ROUTES));
    }

    List<UnreadableRecord> all() {
        return List.copyOf(records.values());
    }

    private static String printable(String key) {
        var shown = key.replaceAll("[^!-~]", "?");
        return shown.length() <= LONGEST_KEY ? shown : shown.substring(0, LONGEST_KEY) + "…";
    }
}
