package io.switchboard.fakes;

import io.switchboard.contracts.scheduling.Canary;
import io.switchboard.contracts.scheduling.Resources;
import io.switchboard.contracts.scheduling.RolloutsApi.DrainingTask;
import io.switchboard.contracts.scheduling.RolloutsApi.HistoryEntry;
import io.switchboard.contracts.scheduling.RolloutsApi.Pause;
import io.switchboard.contracts.scheduling.RolloutsApi.RevisionView;
import io.switchboard.contracts.scheduling.RolloutsApi.Trial;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How one deployment of the {@link World} gets from one revision to another. */
final class Course {

    static final Resources PER_TASK = new Resources(500, 512);

    /** Newest first, like {@link #history}. */
    final List<RevisionView> revisions = new ArrayList<>();

    final List<HistoryEntry> history = new ArrayList<>();
    private final Map<Integer, Integer> replaced = new HashMap<>();

    /** Tasks that stop once their calls have ended. */
    List<DrainingTask> draining = List.of();

    boolean underWay;
    boolean forced;
    int cutCalls;
    Optional<Pause> pause = Optional.empty();
    Optional<Trial> trial = Optional.empty();
    Optional<Long> backTo = Optional.empty();
    Optional<UUID> order = Optional.empty();
    /** Steps of an earlier attempt have no effect any more. */
    int attempt;

    void begin(String image, @Nullable Canary canary, Optional<UUID> wantedBy) {
        order = wantedBy;
        backTo = revisions.isEmpty() ? Optional.empty() : Optional.of(revision());
        revisions.replaceAll(one -> wanted(one, false, one.retiredAt()));
        revisions.addFirst(
                new RevisionView(revisions.size() + 1, image, PER_TASK, true, Instant.now(), Optional.empty()));
        trial = Optional.ofNullable(canary).map(asked -> new Trial(asked.tasks(), asked.minutes(), Optional.empty()));
        underWay = true;
        forced = false;
        cutCalls = 0;
    }

    void end() {
        underWay = false;
        trial = Optional.empty();
        revisions.replaceAll(one ->
                one.wanted() || one.retiredAt().isPresent() ? one : wanted(one, false, Optional.of(Instant.now())));
    }

    void goBack(String why) {
        long to = backTo.orElseThrow();
        attempt++;
        pause = Optional.empty();
        revisions.replaceAll(one -> wanted(one, one.number() == to, Optional.empty()));
        end();
        note(why);
    }

    void carryCalls() {
        trial = trial.map(one -> new Trial(one.tasks(), one.minutes(), Optional.of(Instant.now())));
    }

    void note(String what) {
        history.addFirst(new HistoryEntry(Instant.now(), what));
    }

    long revision() {
        return current().number();
    }

    String image() {
        return current().image();
    }

    private RevisionView current() {
        return revisions.stream().filter(RevisionView::wanted).findFirst().orElseThrow();
    }

    /** The number in the name of the task at this place. */
    int number(int place) {
        return replaced.getOrDefault(place, place);
    }

    void replace(int place) {
        replaced.put(place, 10 + replaced.size());
    }

    private static RevisionView wanted(RevisionView one, boolean wanted, Optional<Instant> retiredAt) {
        return new RevisionView(one.number(), one.image(), one.perTask(), wanted, one.createdAt(), retiredAt);
    }
}
