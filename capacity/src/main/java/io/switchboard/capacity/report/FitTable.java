package io.switchboard.capacity.report;

import io.switchboard.capacity.model.Fitted;
import io.switchboard.capacity.model.Rejections;
import io.switchboard.capacity.model.SampleFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Fitted models as text. */
public final class FitTable {

    private FitTable() {}

    /** One line per model, then what was put aside in each file and what the reader must know. */
    public static List<String> lines(List<Fitted> all, List<SampleFile> files) {
        var lines = new ArrayList<String>();
        boolean kept = all.stream().anyMatch(one -> one.holdout().isPresent());
        lines.add(say(
                "%-10s %-20s %-4s  %8s  %8s  %6s  %s",
                "service", "mode", "of", kept ? "error" : "cv error", "in bound", "slack", "mean"));
        for (var one : all) {
            var model = one.model();
            double error = one.holdout().isPresent() ? one.judged().error() : model.crossValidatedError();
            lines.add(say(
                    "%-10s %-20s %-4s  %8s  %8s  %6s  %s",
                    one.kind().service(),
                    one.kind().mode(),
                    model.resource().code(),
                    percent("%.2f %%", error),
                    percent("%.2f %%", one.judged().coverage()),
                    percent("%.0f %%", one.judged().slack()),
                    equation(one)));
        }
        lines.add(
                kept
                        ? "All figures on the kept-back file."
                        : "cv error: on loads left out in turn; in bound and slack: on the seconds fitted.");
        for (var file : files) {
            file.rejections()
                    .forEach((kind, rejections) -> rejections
                            .counts()
                            .forEach((reason, count) ->
                                    lines.add(aside(kind.service() + " " + kind.mode(), reason, count))));
        }
        for (var one : all) {
            var kind = one.kind();
            one.notes()
                    .forEach(note -> lines.add(say(
                            "%s %s %s: %s",
                            kind.service(), kind.mode(), one.model().resource().code(), note)));
        }
        return lines;
    }

    /** The mean as a formula, for example {@code 0.0106 + 8.03e-05·packets in/s^0.80 cores}. */
    static String equation(Fitted fitted) {
        var model = fitted.model();
        var figures = model.coefficients();
        var terms = model.terms();
        var text = new StringBuilder(figure(figures.getFirst()));
        for (int term = 0; term < terms.size(); term++) {
            if (figures.get(term + 1) == 0) {
                continue;
            }
            text.append(" + ").append(figure(figures.get(term + 1))).append('·').append(terms.get(term));
        }
        return text + " " + model.resource().unit();
    }

    private static String aside(String what, Rejections.Reason reason, long count) {
        return say(
                "%s: %d × %s (%s)",
                what, count, reason.name().toLowerCase(Locale.ROOT).replace('_', ' '), reason.meaning());
    }

    private static String figure(double value) {
        var text = say("%.3g", value);
        return text.contains("e") || !text.contains(".")
                ? text
                : List.of(text).stream()
                        .map(plain -> plain.replaceAll("\\.?0+$", ""))
                        .collect(Collectors.joining());
    }

    /** What too little was measured to tell is a dash. */
    static String percent(String format, double share) {
        return Double.isNaN(share) ? "-" : say(format, 100 * share);
    }

    private static String say(String format, Object... figures) {
        return String.format(Locale.ROOT, format, figures);
    }
}
