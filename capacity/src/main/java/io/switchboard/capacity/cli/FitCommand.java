package io.switchboard.capacity.cli;

import io.switchboard.capacity.model.Fitted;
import io.switchboard.capacity.model.Learning;
import io.switchboard.capacity.model.ModelStore;
import io.switchboard.capacity.model.SampleFile;
import io.switchboard.capacity.report.FitLine;
import io.switchboard.capacity.report.FitTable;
import io.switchboard.capacity.report.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "fit",
        customSynopsis =
                "./switchboard capacity fit FILE.csv [--holdout TEST.csv] [--json] [--report FILE.html] [--models FILE.json]",
        description = {
            "Fits a model of each resource of each service and mode in FILE.csv and prints what they are worth.",
            "A row is one second of one container: service, codec, timestamp, concurrent_calls, call_rate, net_rx_pps,",
            "cpu_cores_used, mem_bytes, net_rx_bytes_s, net_tx_bytes_s and so on; columns may be missing or in any order."
        },
        separator = " ")
final class FitCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "FILE.csv",
            arity = "1..*",
            description = "measurements to learn from; several count as one")
    private List<Path> training = new ArrayList<>();

    @Option(
            names = "--holdout",
            paramLabel = "TEST.csv",
            description = "measurements to judge by; all figures are on them")
    private @Nullable Path holdout;

    @Option(
            names = "--json",
            description =
                    "print one JSON object a line instead of a table: mape in percent, coverage99 and slack from 0 to 1")
    private boolean json;

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description =
                    "where the page with charts goes (FILE-capacity.html beside you; with --json none unless asked)")
    private @Nullable Path report;

    @Option(
            names = "--models",
            paramLabel = "FILE.json",
            description = "keep the models for ./switchboard capacity plan")
    private @Nullable Path models;

    @Option(
            names = "--source",
            paramLabel = "TEXT",
            description = "where the measurements come from; kept with the models")
    private @Nullable String source;

    @Option(
            names = "--saturation",
            paramLabel = "FILE.csv",
            description = "runs with a CPU limit and rising load, to find where quality breaks; kept with the models")
    private List<Path> saturation = new ArrayList<>();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "say this")
    private boolean help;

    @Override
    public Integer call() throws IOException {
        var learned = SampleFile.read(training.toArray(Path[]::new));
        var files = new ArrayList<SampleFile>(List.of(learned));
        if (holdout != null) {
            files.add(SampleFile.read(holdout));
        }
        var all = holdout == null
                ? Fitted.all(Learning.NOMINAL, learned)
                : Fitted.all(Learning.NOMINAL, learned, files.getLast());
        if (json) {
            all.forEach(one -> System.out.println(FitLine.of(one).json()));
        } else {
            FitTable.lines(all, files).forEach(System.out::println);
        }
        if (all.isEmpty()) {
            System.err.println("capacity: the files have no service and resource in common that anything was used of");
            return 1;
        }
        var name = String.join(", ", training.stream().map(FitCommand::nameOf).toList());
        var page = report == null && !json ? Path.of(nameOf(training.getFirst()) + "-capacity.html") : report;
        if (page != null) {
            Files.writeString(page, Page.of(name, all, files));
            System.err.println("charts: " + page);
        }
        if (models != null) {
            var saturated = new ArrayList<SampleFile>();
            for (var file : saturation) {
                saturated.add(SampleFile.read(file));
            }
            ModelStore.of(source == null ? name : source, all, saturated).write(models);
        }
        return 0;
    }

    private static String nameOf(Path file) {
        var name = file.getFileName().toString();
        return name.endsWith(".csv") ? name.substring(0, name.length() - 4) : name;
    }
}
