package io.switchboard.access.endpoint;

import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Instances that the scheduler told this process of, and said to be there when it was last asked; nobody else can vouch for them. */
final class Told {

    /** When it was told of each, by {@link System#nanoTime}. */
    private final Map<UUID, Long> at = new ConcurrentHashMap<>();

    private volatile long answers;

    void of(UUID instance) {
        at.put(instance, System.nanoTime());
    }

    /**
     * The scheduler's answer.
     *
     * @param all that there are
     * @param asked when, by {@link System#nanoTime}; what it told of later may be missing
     * @return those that there were before
     */
    Set<UUID> all(Set<UUID> all, long asked) {
        Set<UUID> gone = ConcurrentHashMap.newKeySet();
        at.forEach((instance, told) -> {
            if (told - asked < 0 && !all.contains(instance) && at.remove(instance, told)) {
                gone.add(instance);
            }
        });
        all.forEach(instance -> at.put(instance, asked));
        answers = answers + 1;
        return gone;
    }

    /** How often the scheduler answered. */
    long answers() {
        return answers;
    }

    boolean contains(UUID instance) {
        return at.containsKey(instance);
    }

    void forget(UUID instance) {
        at.remove(instance);
    }
}
