package io.switchboard.engine.marathon;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mesosphere.marathon.client.model.v2.App;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Keeps an adapter whose leader was replaced from undoing what its successor does. Marathon has no conditional writes,
 * but two refusals that serve as such: it creates no app twice (409), and a bulk update that names an unknown app
 * without saying what it runs is refused as a whole (422). So each leader in turn creates a mark, an app without tasks,
 * and deletes its predecessor's; each of its bulk updates names its own mark.
 *
 * <p>Kills and deletions can't name a mark. It is asked for just before them, by a write, because reads may be old. What
 * is left is a call that is on its way while the next leader takes over.
 */
final class Fence {

    /** For how long an answer is good: an adapter that was suspended since asks again. */
    private static final Duration GOOD_FOR = Duration.ofSeconds(1);

    /** Later may work. */
    static final class NotVisibleYet extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private NotVisibleYet() {
            super("a change is not visible yet");
        }
    }

    /** @param turn counts leaders, from 1 */
    private record Mark(long turn, long epoch) {}

    private final Calls calls;
    private final String group;
    private final MarathonEngineProperties properties;
    private final Clock clock;
    private volatile long epoch;
    private volatile long claimed;
    private long turn;
    private @Nullable Instant asked;

    Fence(Calls calls, MarathonEngineProperties properties, Clock clock) {
        this.calls = calls;
        this.properties = properties;
        this.clock = clock;
        this.group = properties.group() + "/leader/" + AppDraft.segment(properties.platform());
    }

    /** Changes are those of this epoch's leader from now on. */
    void lead(long leadersEpoch) {
        epoch = leadersEpoch;
    }

    /** Whether earlier leaders' changes are refused by now. */
    boolean isClosed() {
        return claimed == epoch;
    }

    /**
     * Takes over from earlier leaders, once; does nothing if nobody leads.
     *
     * @throws NotVisibleYet if Marathon does not show yet what it may have taken on
     * @throws Superseded if a later one has taken over
     */
    void claim() {
        long mine = epoch;
        asked = null;
        if (mine == claimed) {
            return;
        }
        List<Mark> marks = marks();
        Mark last = marks.isEmpty() ? new Mark(0, 0) : marks.getLast();
        if (last.epoch() > mine) {
            throw superseded(mine, "that of epoch " + last.epoch() + " does");
        }
        long next = last.epoch() == mine ? last.turn() : last.turn() + 1;
        if (last.epoch() < mine && !creates(new Mark(next, mine))) {
            // There is one, somebody else's or this one's of a call that seemed to fail.
            throw new NotVisibleYet();
        }
        marks.stream().filter(mark -> mark.turn() < next).forEach(this::delete);
        turn = next;
        claimed = mine;
    }

    /** What each bulk update has to name; empty if nobody leads. */
    Optional<App> mark() {
        if (claimed == 0) {
            return Optional.empty();
        }
        App mark = new App();
        mark.setId(id(turn));
        mark.setInstances(0);
        return Optional.of(mark);
    }

    /**
     * Makes sure that nobody has taken over up to now.
     *
     * @throws Superseded if somebody has
     */
    void check() {
        Optional<App> mark = mark();
        Instant now = clock.instant();
        if (mark.isEmpty() || asked != null && now.isBefore(asked.plus(GOOD_FOR))) {
            return;
        }
        try {
            // Changes nothing and so waits for nothing.
            calls.updateAll(List.of(mark.get()), false);
            asked = now;
        } catch (CallRefused e) {
            throw e.isInvalid() ? superseded(claimed, "a later one does") : e;
        }
    }

    private Superseded superseded(long mine, String who) {
        return new Superseded("the adapter of epoch " + mine + " no longer leads, " + who);
    }

    private List<Mark> marks() {
        List<Mark> marks = new ArrayList<>();
        for (JsonNode app : calls.apps(group).path("apps")) {
            String id = app.path("id").asString("");
            String name = id.startsWith(group + "/") ? id.substring(group.length() + 1) : "";
            String mark = app.path("labels").path(Labels.EPOCH).asString("");
            if (name.matches("\\d{1,18}") && mark.matches("\\d{1,18}")) {
                marks.add(new Mark(Long.parseLong(name), Long.parseLong(mark)));
            }
        }
        marks.sort(Comparator.comparingLong(Mark::turn));
        return marks;
    }

    private String id(long number) {
        return group + "/" + number;
    }

    /** Only one adapter succeeds. */
    private boolean creates(Mark mark) {
        MarathonApp app = new MarathonApp();
        app.setId(id(mark.turn()));
        app.setCmd("true");
        app.setInstances(0);
        app.setCpus(0.1);
        app.setMem(32.0);
        app.setPortDefinitions(List.of());
        app.setRole(properties.app().role());
        app.setLabels(Map.of(Labels.PLATFORM, properties.platform(), Labels.EPOCH, Long.toString(mark.epoch())));
        try {
            // Forced, so that no number of running deployments keeps a leader from leading.
            calls.create(app, true);
            return true;
        } catch (CallRefused e) {
            if (e.status() == 409) {
                return false;
            }
            throw e;
        }
    }

    private void delete(Mark mark) {
        try {
            calls.delete(id(mark.turn()));
        } catch (CallRefused e) {
            if (e.status() != 404) {
                throw e;
            }
        }
    }
}
