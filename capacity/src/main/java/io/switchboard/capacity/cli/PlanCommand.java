package io.switchboard.capacity.cli;

import io.switchboard.capacity.model.Driver;
import io.switchboard.capacity.model.Kind;
import io.switchboard.capacity.model.Load;
import io.switchboard.capacity.model.ModelStore;
import io.switchboard.capacity.plan.CapacityPlanner;
import io.switchboard.capacity.plan.Node;
import io.switchboard.capacity.plan.Planning;
import io.switchboard.capacity.plan.Terms;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "plan",
        customSynopsis = "./switchboard capacity plan --service NAME --calls N [options]",
        description = "Says how many tasks of which size carry a load with one of them lost, and why.",
        separator = " ")
final class PlanCommand implements Callable<Integer> {

    private static final Pattern NODES = Pattern.compile("(?:(\\d{1,4})x)?(\\d{1,7})m/(\\d{1,8})Mi");

    private static final double MOST_CALLS = 1e9;
    private static final double LONGEST_SECONDS = 86_400;

    @Option(
            names = "--service",
            paramLabel = "NAME",
            required = true,
            description = "voice-rtp, voice-sip, ivr, acd, …")
    private String service = "";

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "codec or what stands for it, as capacity fit prints it (the service's most usual)")
    private @Nullable String mode;

    @Option(
            names = "--calls",
            paramLabel = "N",
            required = true,
            description = "calls, chats or streams at once, at the peak")
    private double calls;

    @Option(names = "--hold", paramLabel = "SECONDS", description = "mean length of a call (180)")
    private double hold = 180;

    @Option(names = "--rate", paramLabel = "N", description = "calls started a second (calls over --hold)")
    private @Nullable Double rate;

    @Option(names = "--messages", paramLabel = "N", description = "messages a second, for chats (0.33 a chat)")
    private @Nullable Double messages;

    @Option(names = "--spare", paramLabel = "N", description = "tasks that may be lost at once (1)")
    private int spare = Terms.USUAL.spareTasks();

    @Option(names = "--max-tasks", paramLabel = "N", description = "tasks in all, at most (1000)")
    private int maxTasks = Terms.USUAL.maxTasks();

    @Option(
            names = "--node",
            paramLabel = "[Nx]CPUm/MEMORYMi",
            description =
                    "free room of a node, or of N equal ones: 3x2000m/4096Mi; may be repeated (as many as needed)")
    private List<String> nodes = new ArrayList<>();

    @Option(
            names = "--models",
            paramLabel = "FILE.json",
            description = "models of capacity fit --models (those shipped)")
    private @Nullable Path models;

    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "say this")
    private boolean help;

    @Override
    public Integer call() throws IOException {
        check();
        var store = models == null ? ModelStore.shipped() : ModelStore.read(models);
        var kind = kind(store);
        if (messages != null && !counts(store, kind, Driver.MESSAGES)) {
            System.err.printf(
                    "capacity: --messages changes nothing: the models of %s don't tell messages from chats%n", service);
        }
        var planning = CapacityPlanner.of(kind, store).plan(load(), terms());
        if (json) {
            System.out.println(JsonMapper.shared().writeValueAsString(fields(kind, planning)));
        } else {
            print(store, planning);
        }
        return planning instanceof Planning.Planned ? 0 : 1;
    }

    private void check() {
        CapacityCommand.within("--calls", calls, 0, MOST_CALLS);
        CapacityCommand.within("--hold", hold, 0.1, LONGEST_SECONDS);
        CapacityCommand.within("--rate", rate == null ? 0 : rate, 0, MOST_CALLS);
        CapacityCommand.within("--messages", messages == null ? 0 : messages, 0, MOST_CALLS);
        CapacityCommand.within("--spare", spare, 0, 1_000);
        CapacityCommand.within("--max-tasks", maxTasks, 1, 1_000_000);
    }

    private static boolean counts(ModelStore store, Kind kind, Driver driver) {
        return store.find(kind).orElse(Map.of()).values().stream()
                .flatMap(model -> model.terms().stream())
                .anyMatch(term -> term.contains(driver.label()));
    }

    private Kind kind(ModelStore store) {
        if (mode != null) {
            return new Kind(service, mode);
        }
        // Where a service has several modes, the plain one was measured over the widest range of calls.
        return store.models().keySet().stream()
                .filter(known -> known.service().equals(service))
                .max((one, other) -> Double.compare(range(store, one), range(store, other)))
                .orElse(new Kind(service, "any mode"));
    }

    private static double range(ModelStore store, Kind kind) {
        return store.find(kind).orElse(Map.of()).values().stream()
                .mapToDouble(model -> model.measured(Driver.PACKETS_IN))
                .max()
                .orElse(0);
    }

    private Load load() {
        var values = new EnumMap<Driver, Double>(Driver.class);
        values.put(Driver.CALLS, calls);
        values.put(Driver.CALL_RATE, rate == null ? calls / hold : rate);
        if (messages != null || service.equals("web-chat")) {
            values.put(Driver.MESSAGES, messages == null ? 0.33 * calls : messages);
        }
        return new Load(values);
    }

    private Terms terms() {
        var usual = Terms.USUAL;
        var room = nodes.isEmpty() ? Optional.<List<Node>>empty() : Optional.of(room());
        return new Terms(spare, usual.minTasks(), maxTasks, room, usual.prices());
    }

    private List<Node> room() {
        var room = new ArrayList<Node>();
        for (var text : nodes) {
            var parts = NODES.matcher(text);
            if (!parts.matches()) {
                throw new IllegalArgumentException(
                        "--node must look like 2000m/4096Mi or 3x2000m/4096Mi but was " + text);
            }
            int count = parts.group(1) == null ? 1 : Integer.parseInt(parts.group(1));
            for (int number = 0; number < count; number++) {
                room.add(new Node(text, Integer.parseInt(parts.group(2)), Integer.parseInt(parts.group(3))));
            }
        }
        return room;
    }

    private static void print(ModelStore store, Planning planning) {
        switch (planning) {
            case Planning.Planned plan -> System.out.println(plan.explanation());
            case Planning.Refused refused -> {
                System.out.println("Refused: " + refused.reason());
                refused.nearest()
                        .ifPresentOrElse(
                                nearest -> System.out.printf(
                                        Locale.ROOT,
                                        "Nearest that works, %.0f calls, %.3g started a second:%n%s%n",
                                        nearest.load().values().getOrDefault(Driver.CALLS, 0.0),
                                        nearest.load().values().getOrDefault(Driver.CALL_RATE, 0.0),
                                        nearest.explanation()),
                                () -> System.out.println("Nothing of this load fits; add room or allow more tasks."));
            }
        }
        System.out.println("Models: " + store.source());
    }

    private static Map<String, Object> fields(Kind kind, Planning planning) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("service", kind.service());
        fields.put("mode", kind.mode());
        switch (planning) {
            case Planning.Planned plan -> planned(fields, plan);
            case Planning.Refused refused -> {
                fields.put("refused", refused.reason());
                fields.put("limit", refused.limit().name().toLowerCase(Locale.ROOT));
                refused.nearest().ifPresent(nearest -> {
                    var inner = new LinkedHashMap<String, Object>();
                    planned(inner, nearest);
                    fields.put("nearest", inner);
                });
            }
        }
        return fields;
    }

    private static void planned(Map<String, Object> fields, Planning.Planned plan) {
        fields.put("calls", plan.load().values().getOrDefault(Driver.CALLS, 0.0));
        fields.put("tasks", plan.tasks());
        fields.put("callsPerTask", Math.ceil(plan.perTask().values().getOrDefault(Driver.CALLS, 0.0)));
        fields.put("cpuMillis", plan.size().cpuMillis());
        fields.put("memoryMib", plan.size().memoryMib());
        fields.put("explanation", plan.explanation().lines().toList());
    }
}
