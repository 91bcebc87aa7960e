package io.switchboard.capacity.cli;

import io.switchboard.capacity.model.UnreadableSamples;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./switchboard capacity}: fit models to measurements, and plan with them. */
@Command(
        name = "capacity",
        customSynopsis = "./switchboard capacity COMMAND [options]",
        description = "Consumption models fitted to measurements, and plans that use them.",
        subcommands = {FitCommand.class, PlanCommand.class, DemandCommand.class},
        separator = " ")
public final class CapacityCommand implements Runnable {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "say this")
    private boolean help;

    private CapacityCommand() {}

    public static void main(String[] args) {
        // Units and dashes are not ASCII, whatever the locale says.
        System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(System.err, true, StandardCharsets.UTF_8));
        System.exit(run(args));
    }

    /** Runs a command line; 0 if it did what it was asked, 1 if it could not, 2 if it was asked wrongly. */
    static int run(String... args) {
        return new CommandLine(new CapacityCommand())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("capacity: " + reason(failure));
                    return 1;
                })
                .execute(args);
    }

    private static String reason(Exception failure) throws Exception {
        return switch (failure) {
            case NoSuchFileException missing -> "there is no such file or folder: " + missing.getMessage();
            case IOException unreadable -> unreadable(unreadable);
            case UncheckedIOException unreadable -> unreadable(Objects.requireNonNull(unreadable.getCause()));
            case UnreadableSamples samples -> String.valueOf(samples.getMessage());
            case IllegalArgumentException wrong -> String.valueOf(wrong.getMessage());
            default -> throw failure;
        };
    }

    private static String unreadable(IOException failure) {
        return failure instanceof CharacterCodingException
                ? "a file is no text in UTF-8"
                : "a file can't be read or written: " + failure.getMessage();
    }

    /** @throws IllegalArgumentException naming the option and what it may be */
    static void within(String option, double value, double least, double most) {
        // Also for what is no number.
        if (!(value >= least && value <= most)) {
            var whole = new DecimalFormat("#,##0.###", DecimalFormatSymbols.getInstance(Locale.ROOT));
            throw new IllegalArgumentException(
                    "%s must be %s to %s".formatted(option, whole.format(least), whole.format(most)));
        }
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }
}
