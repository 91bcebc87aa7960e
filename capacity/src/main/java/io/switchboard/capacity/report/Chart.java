package io.switchboard.capacity.report;

import io.switchboard.capacity.model.Fitted;
import io.switchboard.capacity.model.Fitted.Observation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A drawing of one model as SVG: what was used, the mean and the bound over the load; and below it, what is left. */
final class Chart {

    private static final int WIDTH = 520;
    private static final int HEIGHT = 260;
    private static final int LEFT = 62;
    private static final int BOTTOM = 34;
    private static final int TOP = 12;

    private final StringBuilder svg = new StringBuilder();
    private final double mostX;
    private final double leastY;
    private final double mostY;

    private Chart(double mostX, double leastY, double mostY, String title) {
        this.mostX = mostX > 0 ? mostX : 1;
        this.leastY = leastY;
        this.mostY = mostY > leastY ? mostY : leastY + 1;
        add("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">", WIDTH, HEIGHT, Page.escape(title));
    }

    static String use(Fitted fitted) {
        var seconds = ordered(fitted);
        double most = seconds.stream()
                .mapToDouble(second -> Math.max(second.use(), second.bound()))
                .max()
                .orElse(1);
        var chart = new Chart(most(seconds), 0, most * 1.05, "Use, mean and bound over " + across(fitted));
        chart.axes(across(fitted), fitted.model().resource().unit());
        chart.points(seconds, Observation::use);
        chart.line(seconds, Observation::mean, "mean");
        chart.line(seconds, Observation::bound, "bound");
        return chart.end();
    }

    static String residuals(Fitted fitted) {
        var seconds = ordered(fitted);
        ToDoubleFunction<Observation> residual = second -> second.use() - second.mean();
        double most =
                seconds.stream().mapToDouble(residual).map(Math::abs).max().orElse(1) * 1.05;
        var chart = new Chart(most(seconds), -most, most, "Use less mean over " + across(fitted));
        chart.axes(across(fitted), "use − mean, " + fitted.model().resource().unit());
        chart.points(seconds, residual);
        chart.add(
                "<line class=\"mean\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                LEFT, WIDTH - 8, chart.y(0), chart.y(0));
        return chart.end();
    }

    private static String across(Fitted fitted) {
        return fitted.model().mainDriver().label();
    }

    private static List<Observation> ordered(Fitted fitted) {
        return fitted.observations().stream()
                .filter(second -> !Double.isNaN(second.load()))
                .sorted(Comparator.comparingDouble(Observation::load))
                .toList();
    }

    private static double most(List<Observation> seconds) {
        return seconds.isEmpty() ? 1 : seconds.getLast().load();
    }

    private void axes(String across, String up) {
        for (int tick = 0; tick <= 4; tick++) {
            double x = mostX * tick / 4;
            double y = leastY + (mostY - leastY) * tick / 4;
            add("<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, WIDTH - 8, y(y), y(y));
            add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.3g</text>", LEFT - 6, y(y) + 4, y);
            add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.3g</text>", x(x), HEIGHT - BOTTOM + 15, x);
        }
        add("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", WIDTH - 8, HEIGHT - 4, Page.escape(across));
        add("<text x=\"4\" y=\"%d\">%s</text>", HEIGHT - 4, Page.escape(up));
    }

    private void points(List<Observation> seconds, ToDoubleFunction<Observation> height) {
        for (var second : seconds) {
            add(
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"1.6\"/>",
                    x(second.load()), y(Math.clamp(height.applyAsDouble(second), leastY, mostY)));
        }
    }

    /** Other drivers than calls vary too: the line goes through the mean of each twentieth of the seconds. */
    private void line(List<Observation> seconds, ToDoubleFunction<Observation> height, String style) {
        var path = new ArrayList<String>();
        int parts = Math.min(24, seconds.size());
        for (int part = 0; part < parts; part++) {
            var some = seconds.subList(part * seconds.size() / parts, (part + 1) * seconds.size() / parts);
            double across =
                    some.stream().mapToDouble(Observation::load).average().orElse(0);
            double up = some.stream().mapToDouble(height).average().orElse(0);
            path.add(String.format(Locale.ROOT, "%.1f,%.1f", x(across), y(up)));
        }
        add("<polyline class=\"%s\" points=\"%s\"/>", style, String.join(" ", path));
    }

    private double x(double value) {
        return LEFT + (WIDTH - 16 - LEFT) * value / mostX;
    }

    private double y(double value) {
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (value - leastY) / (mostY - leastY);
    }

    private String end() {
        return svg.append("</svg>").toString();
    }

    private void add(String format, Object... figures) {
        svg.append(String.format(Locale.ROOT, format, figures));
    }
}
