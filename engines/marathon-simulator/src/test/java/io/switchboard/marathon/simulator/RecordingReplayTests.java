package io.switchboard.marathon.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.marathon.simulator.Cluster.Agent;
import io.switchboard.marathon.simulator.Cluster.PortRange;
import io.switchboard.marathon.simulator.Recording.Exchange;
import io.switchboard.marathon.simulator.ScriptedPrograms.Behaviour;
import io.switchboard.marathon.simulator.SimulatedMesos.Capacity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.StringNode;

/** Every recorded call, asked of the simulator at the same time after the same calls, is answered as it was. */
class RecordingReplayTests {

    private static final int RECORDED_CALLS = 602;

    static Stream<String> scenarios() {
        return Stream.of(
                "01-system-endpoints",
                "02-create-cmd-app-minimal",
                "03-create-cmd-app-full",
                "04-create-docker-apps",
                "05-health-checks-accepted-forms",
                "06-create-duplicate-and-conflicts",
                "07-create-invalid",
                "08-get-apps-embeds",
                "09-list-filters",
                "10-update-put-patch",
                "11-scale",
                "12-locked-deployment-and-force",
                "13-restart",
                "14-kill-tasks",
                "15-groups",
                "16-deployments-and-rollback",
                "17-queue-and-backoff",
                "18-finished-tasks",
                "19-event-stream",
                "20-versions-and-rollback",
                "21-health-checks-failing",
                "22-unreachable-and-lost",
                "23-failover-and-standby",
                "24-kill-selection-and-grace",
                "25-readiness-checks",
                "26-dependencies-between-apps",
                "27-pods",
                "28-persistent-volumes",
                "29-auth-and-limits",
                "30-poisoned-launch-queue",
                "31-crash-and-resume",
                "32-delete-and-recreate");
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void answersAsRecorded(String scenario) {
        Recording recording = Recording.read(scenario + ".json");

        List<String> differences = new Replay(recording).run();

        assertThat(differences).as(String.join("\n", differences)).isEmpty();
    }

    @Test
    void noRecordedCallIsLeftOut() {
        int calls = scenarios()
                .mapToInt(scenario ->
                        Recording.read(scenario + ".json").exchanges().size())
                .sum();

        assertThat(calls).isEqualTo(RECORDED_CALLS);
    }

    /** One scenario. */
    private static final class Replay {

        private final Recording recording;
        private final Comparison comparison;
        private final List<String> differences = new ArrayList<>();
        private final Timeline timeline;
        private final Marathon marathon;
        private final Api api;
        private @Nullable RecordedMesos recordedMesos;
        private final Told told = new Told();
        private String leader = "127.0.0.1:18080";
        private boolean leaderless;

        private Replay(Recording recording) {
            this.recording = recording;
            List<Omitted.Call> omitted = Omitted.of(recording);
            Instant start = omitted.stream()
                    .map(Omitted.Call::at)
                    .filter(at -> at.isBefore(recording.start()))
                    .min(Instant::compareTo)
                    .orElse(recording.start())
                    .minusSeconds(1);
            Settings settings = settings().withStart(start);
            this.timeline = new Timeline(start);
            this.comparison = new Comparison(Json.timestamp(start));
            this.marathon = new Marathon(settings, timeline, this::mesos);
            this.api = new Api(marathon, settings, new SystemCalls(new SystemCalls.Process() {
                @Override
                public String leader() {
                    return leader;
                }

                @Override
                public void abdicate() {
                    leaderless = true;
                }
            }));
            marathon.events().add(event -> {
                boolean during = !timeline.now().isBefore(recording.start())
                        && timeline.now().isBefore(lastCall());
                if (during && isCompared(event.type())) {
                    told.add(event.type(), event.data());
                }
            });
            omitted.forEach(call -> timeline.at(call.at(), () -> {
                Answer answer =
                        api.answer(Request.of(call.method(), call.target(), Map.of(), call.body()), marathon.tree());
                assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
            }));
            if (recordedMesos != null) {
                recordedMesos.plan(timeline);
            }
            restarts().forEach(at -> timeline.at(at, marathon::newLeader));
        }

        /** Nobody listened for long after the last call, nor to the leader that followed another. */
        private Instant lastCall() {
            Exchange last = recording.exchanges().stream()
                    .filter(exchange -> (exchange.method() + exchange.target()).equals("DELETE/v2/leader"))
                    .findFirst()
                    .orElse(recording.exchanges().getLast());
            return recording.start().plus(last.at());
        }

        /** The relaunch on a persistent volume did not happen in the recorded Mesos. */
        private boolean isCompared(String type) {
            return !(recording.name().startsWith("28-") && type.equals("instance_changed_event"));
        }

        private Settings settings() {
            if (recording.name().startsWith("29-")) {
                return Settings.DEFAULT.withCredentials("recorded:login");
            }
            return recording.name().startsWith("30-") ? Settings.DEFAULT.withoutPrincipal() : Settings.DEFAULT;
        }

        /** Where no event was recorded, nothing is known of Mesos, and a simulated one has to do. */
        private Cluster mesos(Marathon core) {
            if (!recording.events().isEmpty()) {
                recordedMesos = new RecordedMesos(core, recording, comparison);
                return recordedMesos;
            }
            ScriptedPrograms programs = new ScriptedPrograms(task ->
                    task.command().startsWith("exit") ? Behaviour.exits(Duration.ofMillis(50), 3) : Behaviour.PLAIN);
            programs.in(timeline);
            comparison.placedAnywhere();
            List<Capacity> agents = new ArrayList<>();
            for (int n = 0; n < 3; n++) {
                Agent agent = new Agent("agent-S" + n, "127.0.0.1" + (n + 1), "local", "zone-" + n, Map.of());
                agents.add(new Capacity(agent, 16, 16384, 100_000, new PortRange(31000, 32999)));
            }
            return new SimulatedMesos(core, timeline, Duration.ofSeconds(5), agents, programs, Runnable::run);
        }

        /** When Marathon had been started again, where a recording's notes or its streams tell. */
        private List<Instant> restarts() {
            if (recording.name().startsWith("24-")) {
                return List.of(Instant.parse("2026-11-23T02:14:39.080Z"));
            }
            return recording.name().startsWith("31-")
                    ? List.of(recording.start().plusMillis(48_000))
                    : List.of();
        }

        private List<String> run() {
            for (Exchange exchange : recording.exchanges()) {
                Instant at = recording.start().plus(exchange.at()).plus(processed(exchange));
                timeline.runUntil(at.isBefore(timeline.now()) ? timeline.now() : at);
                compare(exchange);
            }
            if (recordedMesos != null) {
                differences.addAll(recordedMesos.complaints());
                Told recorded = new Told();
                recording.events().stream()
                        .filter(event -> event.at().isBefore(lastCall()))
                        .filter(event -> isCompared(event.type()))
                        .forEach(event -> recorded.add(event.type(), event.data()));
                recorded.differences(told).forEach(difference -> differences.add("event " + difference));
            }
            return differences;
        }

        /** Reads show what there was when they were answered; writes are made soon after they came. */
        private static Duration processed(Exchange exchange) {
            return exchange.method().equals("GET")
                    ? exchange.took()
                    : exchange.took().dividedBy(4);
        }

        private void compare(Exchange exchange) {
            Answer answer = answer(exchange);
            String what = exchange.number() + " " + exchange.method() + " " + exchange.target();
            if (answer.status() != exchange.status()) {
                differences.add(what + ": status " + exchange.status() + " but was " + answer.status() + " "
                        + answer.body().substring(0, Math.min(200, answer.body().length())));
                return;
            }
            if (exchange.target().equals("/logging")) {
                // Names of Marathon's own classes.
                assertThat(body(exchange, answer)).isNotEmpty().allMatch(JsonNode::isString);
                return;
            }
            comparison.differences(withoutOthers(exchange), body(exchange, answer)).stream()
                    .filter(difference -> !isOthersVersion(exchange, difference))
                    .forEach(difference -> differences.add(what + " " + difference));
        }

        /** Groups show the root's version, and others changed the root while 32 was recorded. */
        private boolean isOthersVersion(Exchange exchange, String difference) {
            return recording.name().startsWith("32-")
                    && exchange.target().startsWith("/v2/groups")
                    && difference.contains("/version: ");
        }

        /** Who leads from when is told by the first good answer after an abdication. */
        private Answer answer(Exchange exchange) {
            if (leaderless && exchange.status() == 502) {
                return Answer.html(502, exchange.target(), "Could not determine the current leader");
            }
            if (leaderless) {
                leaderless = false;
                leader = leader.endsWith("18080") ? "127.0.0.1:18090" : "127.0.0.1:18080";
                marathon.newLeader();
                timeline.runUntil(timeline.now().plusSeconds(1));
            }
            Request request = Request.of(
                    exchange.method(),
                    comparison.translate(exchange.target()),
                    exchange.headers(),
                    comparison.translate(exchange.body()));
            return api.answer(request, marathon.tree());
        }

        /** While 32 was recorded, somebody else deployed apps of their own. */
        private static JsonNode withoutOthers(Exchange exchange) {
            if (!exchange.target().equals("/v2/deployments")
                    || !exchange.answer().isArray()) {
                return exchange.answer();
            }
            ArrayNode ours = Json.array();
            for (JsonNode deployment : exchange.answer()) {
                if (!deployment.path("affectedApps").path(0).asString("").startsWith("/c1000")) {
                    ours.add(deployment);
                }
            }
            return ours;
        }

        private static JsonNode body(Exchange exchange, Answer answer) {
            if (exchange.status() == 502) {
                // Also empty, where the leader went away in the middle of a call.
                return exchange.answer();
            }
            boolean json = Set.of("{", "[").stream().anyMatch(answer.body()::startsWith);
            try {
                return json ? Json.MAPPER.readTree(answer.body()) : StringNode.valueOf(answer.body());
            } catch (JacksonException e) {
                return StringNode.valueOf(answer.body());
            }
        }
    }
}
