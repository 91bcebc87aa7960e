package io.switchboard.configclient.delivery;

import io.switchboard.configclient.delivery.Center.Reading;
import io.switchboard.configprotocol.Canary;
import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.configprotocol.Release;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The canaries that this process runs, and the way back from them. In turns. */
final class Canaries {

    private final Center center;
    private final Running running;
    private final Coordinates coordinates;

    /** What ran before, of namespaces that run a canary or did until it came into effect, or was taken back. */
    private final Map<NamespacePath, Pointer> before = new HashMap<>();

    Canaries(Center center, Running running, Coordinates coordinates) {
        this.center = center;
        this.running = running;
        this.coordinates = coordinates;
    }

    /** The one that is for this client. */
    Optional<Canary> given(Reading reading) {
        return reading instanceof Reading.There there
                ? there.canary().filter(canary -> canary.isFor(coordinates.client(), coordinates.labels()))
                : Optional.empty();
    }

    boolean anyRuns(Center.Look look) {
        return look.readings().entrySet().stream()
                .anyMatch(one -> given(one.getValue())
                        .filter(canary -> running.isAt(one.getKey(), canary.pointer()))
                        .isPresent());
    }

    void take(List<Release> given) {
        Map<NamespacePath, Pointer> now = new HashMap<>();
        given.forEach(
                release -> now.put(release.path(), running.of(release.path()).release()));
        running.take(given)
                .forEach(
                        release -> before.putIfAbsent(release.path(), Objects.requireNonNull(now.get(release.path()))));
    }

    boolean hasRun(NamespacePath path) {
        return before.containsKey(path);
    }

    /** @return whether the namespace ran one until now */
    boolean ended(NamespacePath path) {
        return before.remove(path) != null;
    }

    /**
     * Where a canary is over and the release in effect was refused, what ran before it has to do: nobody else runs what was
     * only tried.
     *
     * @return false if the application refuses that, too, as it may while something is in use
     */
    boolean goBack(Center.Look look) throws CenterFailure {
        boolean back = true;
        for (Map.Entry<NamespacePath, Pointer> one : Map.copyOf(before).entrySet()) {
            Reading reading = Objects.requireNonNull(look.readings().get(one.getKey()), "asked for");
            boolean over = given(reading).isEmpty()
                    && reading instanceof Reading.There there
                    && !running.isAt(one.getKey(), there.current().pointer());
            if (over && one.getValue().number() > 0) {
                back &= goBack(one.getKey(), one.getValue());
            }
        }
        return back;
    }

    private boolean goBack(NamespacePath path, Pointer to) throws CenterFailure {
        try {
            return running.goBackTo(center.release(path, to)) && ended(path);
        } catch (DamagedContent e) {
            running.troubled(path, Center.damaged(e));
            return false;
        }
    }
}
