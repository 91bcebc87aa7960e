package io.switchboard.bench;

import static io.switchboard.bench.Output.say;

import io.switchboard.bench.ReferenceFits.Subject;
import io.switchboard.capacity.model.Driver;
import io.switchboard.capacity.model.Fitted;
import io.switchboard.capacity.model.Holdout;
import io.switchboard.capacity.model.Kind;
import io.switchboard.capacity.model.Learning;
import io.switchboard.capacity.model.Load;
import io.switchboard.capacity.model.ModelStore;
import io.switchboard.capacity.model.Resource;
import io.switchboard.capacity.model.SampleFile;
import io.switchboard.capacity.model.Samples;
import io.switchboard.capacity.plan.CapacityPlanner;
import io.switchboard.capacity.plan.Terms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Claim: models fitted to measured seconds predict loads they have not seen better than any simple form; their bounds
 * hold as often as they say, and reserve far less than fixed sizes do.
 *
 * <p>Every figure is on blocks left out: for the bounds, form, coefficients and calibration all come from the other
 * blocks. The baselines come from the same run and the same seconds. Options: {@code --data DIR}, the folder of the
 * measurements (../shared/resource-data). The last line is JSON.
 */
public final class SizingBench {

    private static final List<String> SERVICES =
            List.of("voice-sip", "voice-rtp", "ivr", "acd", "recording", "video", "web-chat");
    private static final String BOTH = "relay, codec-blind";

    private final Path data;
    private final ReferenceFits reference;
    private final SampleFile measured;

    private SizingBench(Path data) throws IOException {
        this.data = data;
        this.reference = ReferenceFits.read(data.resolve("model-fits.csv"));
        this.measured = SampleFile.read(
                SERVICES.stream().map(service -> data.resolve(service + ".csv")).toArray(Path[]::new));
    }

    public static void main(String[] args) throws IOException {
        if (args.length != 0 && (args.length != 2 || !args[0].equals("--data"))) {
            System.err.println(
                    "options of the sizing benchmark:\n  --data DIR   the measurements (../shared/resource-data)");
            System.exit(2);
        }
        var data = Path.of(args.length == 2 ? args[1] : "../shared/resource-data");
        if (!Files.isReadable(data.resolve("model-fits.csv"))) {
            System.err.println("there are no measurements in " + data + "; name their folder with --data DIR");
            System.exit(2);
        }
        new SizingBench(data).run();
    }

    private void run() throws IOException {
        var json = new TreeMap<String, Object>();
        errors(json);
        bounds(json);
        otherRuns();
        eightLevels(json);
        speed(json);
        System.out.println(line(json));
    }

    private void errors(Map<String, Object> json) {
        say("error on a load left out, ten-second windows, beside the best of the simple forms");
        var ours = errors(Learning.NOMINAL);
        var fromCalls = errors(new Learning(0.01, true));
        var simple = simple();
        var ratios = new ArrayList<Double>();
        var sameWindows = new ArrayList<Double>();
        reference.best().forEach((subject, best) -> {
            double error = ours.getOrDefault(subject, Double.NaN);
            ratios.add(error / best.error());
            double same = simple.getOrDefault(subject, Double.NaN);
            if (!Double.isNaN(same)) {
                sameWindows.add(error / same);
            }
            say(
                    "  %-42s %7.3f %%  best simple %7.3f %% (%s), on the same windows %7.3f %%%s",
                    subject, error, best.error(), best.form(), same, error > 1.05 * best.error() ? "  ABOVE" : "");
        });
        json.put("medianMape", median(ours, reference));
        json.put(
                "medianMapeBest",
                Output.median(reference.best().values().stream()
                        .map(ReferenceFits.Best::error)
                        .toList()));
        json.put("medianMapeFromCalls", median(fromCalls, reference));
        json.put("medianRatio", Output.median(ratios));
        json.put("rows", ratios.size());
        json.put(
                "rowsAbove105SameWindows",
                sameWindows.stream().filter(ratio -> ratio > 1.05).count());
        json.put("medianMapeSimpleSameWindows", Output.median(List.copyOf(simple.values())));
        json.put("rowsAbove105", ratios.stream().filter(ratio -> ratio > 1.05).count());
        say(
                "  median %.3f %%, without packets as a driver %.3f %%, best simple %.3f %%",
                json.get("medianMape"), json.get("medianMapeFromCalls"), json.get("medianMapeBest"));
    }

    /** The best of the simple forms on the windows that ours are judged on, in percent. */
    private Map<Subject, Double> simple() {
        var errors = new TreeMap<Subject, Double>();
        for (var one : subjects()) {
            errors.put(
                    new Subject(
                            one.kind().service(),
                            one.kind().mode(),
                            one.resource().code()),
                    SimpleForms.error(one.samples(), one.resource()));
        }
        return errors;
    }

    /** Cross-validated errors in percent; a relay that carries two codecs is predicted with the model of each. */
    private Map<Subject, Double> errors(Learning learning) {
        var errors = new TreeMap<Subject, Double>();
        var relay = new TreeMap<String, double[]>();
        for (var one : Fitted.all(learning, measured)) {
            var kind = one.model().kind();
            var code = one.model().resource().code();
            double error = 100 * one.model().crossValidatedError();
            errors.put(new Subject(kind.service(), kind.mode(), code), error);
            if (kind.service().equals("voice-rtp") && kind.mode().endsWith("relay")) {
                var sum = relay.computeIfAbsent(code, any -> new double[2]);
                sum[0] += error * one.training().windows();
                sum[1] += one.training().windows();
            }
        }
        relay.forEach((code, sum) -> errors.put(new Subject("voice-rtp", BOTH, code), sum[0] / sum[1]));
        return errors;
    }

    private record Bounded(Kind kind, Resource resource, Holdout ours, FixedRules rules) {}

    private void bounds(Map<String, Object> json) {
        say("nominal 99 %% bound on loads left out (form, coefficients and bound from the other loads)");
        var all = subjects().parallelStream()
                .map(subject -> new Bounded(
                        subject.kind(),
                        subject.resource(),
                        Learning.NOMINAL.leftOut(subject.samples(), subject.resource()),
                        FixedRules.of(subject.samples(), subject.resource())))
                .toList();
        for (var one : all) {
            say(
                    "  %-10s %-20s %-4s in bound %6.2f %%  slack %4.0f %%",
                    one.kind.service(),
                    one.kind.mode(),
                    one.resource.code(),
                    100 * one.ours.coverage(),
                    100 * one.ours.slack());
        }
        Predicate<Bounded> cpu = one -> one.resource == Resource.CPU;
        Predicate<Bounded> memory = one -> one.resource == Resource.MEMORY;
        json.put("cpuCoverage99", coverage(all, cpu));
        json.put("memoryCoverage", coverage(all, memory));
        json.put("meanSlack", mean(all, one -> true, one -> one.ours.slack()));
        json.put("cpuSlack", mean(all, cpu, one -> one.ours.slack()));
        json.put("memorySlack", mean(all, memory, one -> one.ours.slack()));
        json.put("networkSlack", mean(all, cpu.or(memory).negate(), one -> one.ours.slack()));
        json.put(
                "cpuSlackFloor",
                subjects().stream()
                        .filter(subject -> subject.resource() == Resource.CPU)
                        .mapToDouble(SizingBench::floor)
                        .average()
                        .orElse(Double.NaN));
        var cpus = all.stream().filter(cpu).toList();
        var rules = cpus.stream().map(Bounded::rules).reduce(new FixedRules(0, 0, 0, 0, 0), FixedRules::plus);
        double reserved = cpus.stream().mapToDouble(one -> one.ours.bounded()).sum();
        int violations = cpus.stream().mapToInt(one -> one.ours.violations()).sum();
        json.put("vpaViolations", rules.ruleViolations());
        json.put("ourViolations", violations);
        json.put("fixedViolations", rules.fixedViolations());
        json.put("cpuSeconds", rules.seconds());
        json.put("savingOverFixed", 1 - reserved / rules.fixedReserved());
        say(
                "  CPU over %,d s: ours %d violations with %.0f core-s; p90 + 15 %%: %d with %.0f; fixed at the largest use: %d"
                        + " with %.0f",
                rules.seconds(),
                violations,
                reserved,
                rules.ruleViolations(),
                rules.ruleReserved(),
                rules.fixedViolations(),
                rules.fixedReserved());
        say(
                "  slack of a CPU bound that knows each load's own 99th percentile: %.0f %% (a second's noise alone)",
                100 * (double) json.get("cpuSlackFloor"));
    }

    private record Subjected(Kind kind, Samples samples, Resource resource) {}

    /** What the reference has rows for; audio-only video was measured at two loads and has none. */
    private List<Subjected> subjects() {
        var subjects = new ArrayList<Subjected>();
        measured.samples()
                .forEach((kind, samples) -> samples.resources().stream()
                        .filter(resource ->
                                reference.best().containsKey(new Subject(kind.service(), kind.mode(), resource.code())))
                        .forEach(resource -> subjects.add(new Subjected(kind, samples, resource))));
        return subjects;
    }

    /** The slack of each block's own 99th percentile: no bound on seconds that knows only the load has less. */
    private static double floor(Subjected subject) {
        var samples = subject.samples();
        double highest = rows(samples)
                .mapToDouble(row -> samples.driver(Driver.CALLS, row))
                .max()
                .orElse(0);
        return Arrays.stream(rows(samples).map(samples::block).distinct().toArray())
                .mapToObj(block -> rows(samples)
                        .filter(row -> samples.block(row) == block)
                        .filter(row -> samples.driver(Driver.CALLS, row) >= 0.2 * highest)
                        .mapToDouble(row -> samples.use(subject.resource(), row))
                        .filter(use -> !Double.isNaN(use))
                        .sorted()
                        .toArray())
                .filter(uses -> uses.length > 10)
                .mapToDouble(uses ->
                        1 - Arrays.stream(uses).average().orElse(0) / uses[(int) Math.ceil(0.99 * uses.length) - 1])
                .average()
                .orElse(Double.NaN);
    }

    private static IntStream rows(Samples samples) {
        return IntStream.range(0, samples.size()).filter(samples::steady);
    }

    private static double coverage(List<Bounded> all, Predicate<Bounded> which) {
        int seconds =
                all.stream().filter(which).mapToInt(one -> one.ours.seconds()).sum();
        int violations = all.stream()
                .filter(which)
                .mapToInt(one -> one.ours.violations())
                .sum();
        return 1 - (double) violations / seconds;
    }

    private static double mean(List<Bounded> all, Predicate<Bounded> which, ToDoubleFunction<Bounded> value) {
        return all.stream().filter(which).mapToDouble(value).average().orElse(Double.NaN);
    }

    /** Whether bounds hold in a run that was made another day beside other neighbours; figures only. */
    private void otherRuns() throws IOException {
        say("bounds in runs beside busy neighbours, trained without them, and the other way round");
        for (var service : List.of("voice-sip", "voice-rtp", "ivr")) {
            var quiet = SampleFile.read(data.resolve(service + ".csv"));
            var busy = SampleFile.read(data.resolve("contended").resolve(service + ".csv"));
            other(quiet, busy, "busy ");
            other(busy, quiet, "quiet");
        }
    }

    private static void other(SampleFile training, SampleFile test, String which) {
        for (var one : Fitted.all(Learning.NOMINAL, training, test)) {
            if (one.model().resource() == Resource.CPU || one.model().resource() == Resource.MEMORY) {
                say(
                        "  %-10s %-20s %-4s in the %s run: error %5.1f %%, in bound %6.2f %%, slack %3.0f %%",
                        one.model().kind().service(),
                        one.model().kind().mode(),
                        one.model().resource().code(),
                        which,
                        100 * one.judged().error(),
                        100 * one.judged().coverage(),
                        100 * one.judged().slack());
            }
        }
    }

    /** How much eight loads are worth: the error on each load left out, from eight of the others and from all of them. */
    private void eightLevels(Map<String, Object> json) {
        var ratios = subjects().parallelStream()
                .filter(subject -> blocks(subject.samples()).length >= 10)
                .map(SizingBench::eightLevels)
                .filter(ratio -> Double.isFinite(ratio))
                .toList();
        json.put("eightLevelRatio", Output.median(ratios));
        say("error from 8 loads over error from all: median %.2f over %d models", Output.median(ratios), ratios.size());
    }

    private static double eightLevels(Subjected subject) {
        double all = 0;
        double eight = 0;
        int[] blocks = blocks(subject.samples());
        for (int block : blocks) {
            int[] others = Arrays.stream(blocks).filter(other -> other != block).toArray();
            int[] some = IntStream.range(0, 8)
                    .map(index -> others[Math.round(index * (others.length - 1) / 7f)])
                    .toArray();
            var test = subject.samples().of(one -> one == block);
            var fromAll = Learning.NOMINAL.fit(subject.samples().of(one -> one != block), subject.resource());
            var fromSome = Learning.NOMINAL.fit(
                    subject.samples().of(one -> Arrays.stream(some).anyMatch(other -> other == one)),
                    subject.resource());
            double error = Holdout.of(fromAll, test).error();
            if (!Double.isNaN(error)) {
                all += error;
                eight += Holdout.of(fromSome, test).error();
            }
        }
        return eight / all;
    }

    private static int[] blocks(Samples samples) {
        return rows(samples).map(samples::block).distinct().toArray();
    }

    private void speed(Map<String, Object> json) throws IOException {
        var file = Files.createTempFile("seconds", ".csv");
        try {
            repeat(data.resolve("voice-rtp.csv"), file, 1_000_000);
            long start = System.nanoTime();
            var million = SampleFile.read(file);
            double reading = (System.nanoTime() - start) / 1e9;
            var samples = million.samples().firstEntry().getValue();
            var seconds = new EnumMap<Resource, Double>(Resource.class);
            for (var resource : List.of(Resource.CPU, Resource.MEMORY, Resource.NETWORK_IN, Resource.NETWORK_OUT)) {
                start = System.nanoTime();
                Learning.NOMINAL.fit(samples, resource);
                seconds.put(resource, (System.nanoTime() - start) / 1e9);
            }
            json.put(
                    "fitMillionSeconds",
                    seconds.values().stream().mapToDouble(one -> one).max().orElse(0));
            say("%,d samples: read in %.1f s, fitted in %s s", samples.size(), reading, seconds);
        } finally {
            Files.delete(file);
        }
        var planner = CapacityPlanner.of(new Kind("voice-rtp", "G.711 relay"), ModelStore.shipped());
        long first = System.nanoTime();
        planner.plan(Load.calls(300, 1.5), Terms.USUAL);
        double cold = (System.nanoTime() - first) / 1e6;
        long start = System.nanoTime();
        int plans = 2_000;
        for (int plan = 0; plan < plans; plan++) {
            planner.plan(Load.calls(100 + plan, 1), Terms.USUAL);
        }
        json.put("planMs", (System.nanoTime() - start) / 1e6 / plans);
        say("a plan in %.3f ms, the first one in %.1f ms", json.get("planMs"), cold);
    }

    /** The same measurements day after day, until there are enough rows of one mode. */
    private static void repeat(Path from, Path to, int rows) throws IOException {
        var lines = Files.readAllLines(from);
        var relay = lines.stream().filter(line -> line.contains(",PCMU,")).toList();
        try (var out = Files.newBufferedWriter(to)) {
            out.write(lines.getFirst());
            out.newLine();
            for (int row = 0; row < rows; row++) {
                var line = relay.get(row % relay.size());
                int comma = line.indexOf(',');
                double time = Double.parseDouble(line.substring(0, comma)) + 86_400.0 * (row / relay.size());
                out.write(String.format(Locale.ROOT, "%.3f", time));
                // A run of its own each day, or the levels of all days would be one block.
                out.write(line.substring(comma).replace(",voice-g711-", "," + row / relay.size() + "-"));
                out.newLine();
            }
        }
    }

    private static double median(Map<Subject, Double> errors, ReferenceFits reference) {
        return Output.median(reference.best().keySet().stream()
                .map(subject -> errors.getOrDefault(subject, Double.NaN))
                .toList());
    }

    private static String line(Map<String, Object> json) {
        var line = new StringBuilder("{\"bench\":\"sizing\"");
        json.forEach((name, value) -> line.append(
                String.format(Locale.ROOT, value instanceof Double ? ",\"%s\":%.4f" : ",\"%s\":%s", name, value)));
        return line.append('}').toString();
    }
}
