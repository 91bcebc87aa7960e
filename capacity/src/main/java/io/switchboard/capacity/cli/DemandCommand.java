package io.switchboard.capacity.cli;

import io.switchboard.capacity.demand.Assumptions;
import io.switchboard.capacity.demand.DayShape;
import io.switchboard.capacity.demand.Demand;
import io.switchboard.capacity.demand.LoadProfile;
import io.switchboard.capacity.model.Driver;
import io.switchboard.capacity.model.Kind;
import io.switchboard.capacity.model.Load;
import io.switchboard.capacity.model.ModelStore;
import io.switchboard.capacity.plan.CapacityPlanner;
import io.switchboard.capacity.plan.Planning;
import io.switchboard.capacity.plan.Terms;
import io.switchboard.capacity.traffic.ErlangA;
import io.switchboard.capacity.traffic.ErlangB;
import io.switchboard.capacity.traffic.Staffing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demand",
        customSynopsis = "./switchboard capacity demand --calls-per-hour N [options]",
        description = {
            "Turns what a call center expects into calls at once of each service, and into tasks for them.",
            "Half-hours follow an office day; every assumption may be replaced."
        },
        separator = " ")
final class DemandCommand implements Callable<Integer> {

    private static final Assumptions USUAL = Assumptions.USUAL;

    @Option(
            names = "--calls-per-hour",
            paramLabel = "N",
            required = true,
            description = "calls offered at the busiest time")
    private double callsPerHour;

    @Option(names = "--handling", paramLabel = "SECONDS", description = "talk and wrap-up of a call (240)")
    private double handling = 240;

    @Option(
            names = "--agents",
            paramLabel = "N",
            description = "people logged in (as many as answer 80 %% within 20 s)")
    private @Nullable Integer agents;

    @Option(names = "--chats-per-hour", paramLabel = "N", description = "chats offered at the busiest time (0)")
    private double chatsPerHour;

    @Option(names = "--menu", paramLabel = "SECONDS", description = "mean time in the menu (60)")
    private double menu = USUAL.ivrSeconds();

    @Option(names = "--self-service", paramLabel = "SHARE", description = "calls that end in the menu (0.3)")
    private double selfService = USUAL.selfService();

    @Option(names = "--patience", paramLabel = "SECONDS", description = "mean time before a caller gives up (120)")
    private double patience = USUAL.patienceSeconds();

    @Option(names = "--transcoded", paramLabel = "SHARE", description = "calls between two codecs (0.1)")
    private double transcoded = USUAL.transcodedShare();

    @Option(names = "--recorded", paramLabel = "SHARE", description = "talking calls that are recorded (1)")
    private double recorded = USUAL.recordedShare();

    @Option(names = "--streams", paramLabel = "N", description = "streams of a recorded call (2)")
    private int streams = USUAL.streamsPerRecording();

    @Option(names = "--video", paramLabel = "SHARE", description = "talking calls with video (0)")
    private double video = USUAL.videoShare();

    @Option(names = "--chat", paramLabel = "SECONDS", description = "mean length of a chat (600)")
    private double chat = USUAL.chatSeconds();

    @Option(names = "--messages", paramLabel = "N", description = "messages a second and chat (0.33)")
    private double messages = USUAL.messagesPerSecond();

    @Option(names = "--variation", paramLabel = "SHARE", description = "spread of the traffic from day to day (0.1)")
    private double variation = USUAL.variation();

    @Option(names = "--shrinkage", paramLabel = "SHARE", description = "paid time away from the phone (0.3)")
    private double shrinkage = 0.3;

    @Option(
            names = "--models",
            paramLabel = "FILE.json",
            description = "models of capacity fit --models (those shipped)")
    private @Nullable Path models;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "say this")
    private boolean help;

    @Override
    public Integer call() throws IOException {
        check();
        var store = models == null ? ModelStore.shipped() : ModelStore.read(models);
        var assumed = new Assumptions(
                menu,
                selfService,
                patience,
                transcoded,
                recorded,
                streams,
                video,
                chat,
                messages,
                variation,
                USUAL.deviations());
        double erlangs = callsPerHour * (1 - selfService) * handling / 3600;
        int logged = agents != null ? agents : erlangs == 0 ? 1 : ErlangA.agents(erlangs, handling, patience, 20, 0.8);
        var demands =
                Demand.of(new LoadProfile(logged, callsPerHour, handling, chatsPerHour, DayShape.OFFICE, assumed));
        people(erlangs, logged, demands);
        for (var peak : Demand.peak(demands).entrySet()) {
            service(store, peak.getKey(), peak.getValue(), demands);
        }
        return 0;
    }

    private void check() {
        CapacityCommand.within("--calls-per-hour", callsPerHour, 0, 10_000_000);
        CapacityCommand.within("--chats-per-hour", chatsPerHour, 0, 10_000_000);
        CapacityCommand.within("--handling", handling, 1, 86_400);
        CapacityCommand.within("--agents", agents == null ? 1 : agents, 1, 10_000_000);
        CapacityCommand.within("--menu", menu, 0, 3_600);
        CapacityCommand.within("--self-service", selfService, 0, 1);
        CapacityCommand.within("--patience", patience, 1, 7_200);
        CapacityCommand.within("--transcoded", transcoded, 0, 1);
        CapacityCommand.within("--recorded", recorded, 0, 1);
        CapacityCommand.within("--streams", streams, 1, 2);
        CapacityCommand.within("--video", video, 0, 1);
        CapacityCommand.within("--chat", chat, 1, 86_400);
        CapacityCommand.within("--messages", messages, 0, 10);
        CapacityCommand.within("--variation", variation, 0, 1);
        CapacityCommand.within("--shrinkage", shrinkage, 0, 0.99);
    }

    private void people(double erlangs, int logged, List<Demand> demands) {
        if (erlangs > 0) {
            var system = new ErlangA(logged, erlangs, handling, patience);
            say(
                    "%d agents for %.1f erlangs: %.0f %% answered within 20 s, %.1f %% give up, %.0f %% busy; %d people with"
                            + " %.0f %% shrinkage.",
                    logged,
                    erlangs,
                    100 * system.serviceLevel(20),
                    100 * system.queue().abandoning(),
                    100 * system.queue().occupancy(),
                    Staffing.headcount(logged, shrinkage),
                    100 * shrinkage);
        }
        double trunks = demands.stream().mapToDouble(Demand::erlangs).max().orElse(0);
        say("%d trunk lines for %.1f erlangs lose one call in a hundred.", ErlangB.lines(trunks, 0.01), trunks);
    }

    private static void service(ModelStore store, Kind kind, Load peak, List<Demand> demands) {
        var planner = CapacityPlanner.of(kind, store);
        var planning = planner.plan(peak, Terms.USUAL);
        switch (planning) {
            case Planning.Refused refused -> say("%s (%s): refused: %s", kind.service(), kind.mode(), refused.reason());
            case Planning.Planned plan -> {
                var loads = demands.stream()
                        .map(demand -> Optional.ofNullable(demand.loads().get(kind)))
                        .toList();
                var elastic = planner.elastic(plan, loads, Terms.USUAL);
                int all = elastic.stream().mapToInt(Integer::intValue).sum();
                say(
                        "%-10s %-20s %6.0f at once %7.2f/s  %3d × %.2f core, %d MiB; following the day %d to %d, %.0f %% of the"
                                + " task-hours",
                        kind.service(),
                        kind.mode(),
                        callsOf(Optional.of(peak)),
                        peak.values().getOrDefault(Driver.CALL_RATE, 0.0),
                        plan.tasks(),
                        plan.size().cpuMillis() / 1000.0,
                        plan.size().memoryMib(),
                        elastic.stream().mapToInt(Integer::intValue).min().orElse(0),
                        plan.tasks(),
                        100.0 * all / (elastic.size() * plan.tasks()));
            }
        }
    }

    private static double callsOf(Optional<Load> load) {
        return load.map(Load::values)
                .map(values -> values.getOrDefault(Driver.CALLS, 0.0))
                .orElse(0.0);
    }

    private static void say(String format, Object... figures) {
        System.out.println(String.format(Locale.ROOT, format, figures));
    }
}
