package io.switchboard.capacity.report;

import io.switchboard.capacity.model.Fitted;
import io.switchboard.capacity.model.SampleFile;
import java.util.List;
import java.util.Locale;

/** Fitted models as one HTML file that needs nothing else: a table, then two charts per model. */
public final class Page {

    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1d2733; --paper: #fff; --faint: #d9dee5; --dot: #7a8797; --mean: #1f6feb; --bound: #c2410c }
            @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #11161d; --faint: #303a46; --dot: #8391a1; --mean: #6cb6ff; --bound: #ff9e64 } }
            body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper) }
            table { border-collapse: collapse; width: 100% } th, td { padding: .25rem .6rem; text-align: left; border-bottom: 1px solid var(--faint) }
            td.figure { text-align: right; font-variant-numeric: tabular-nums }
            .wide { overflow-x: auto } .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem }
            svg { width: 100%; height: auto; font-size: 11px } svg text { fill: var(--ink) } svg circle { fill: var(--dot); fill-opacity: .55 }
            svg .grid { stroke: var(--faint) } svg polyline { fill: none; stroke-width: 2 } svg .mean { stroke: var(--mean) } svg .bound { stroke: var(--bound) }
            .key .mean { color: var(--mean) } .key .bound { color: var(--bound) }
            """;

    private Page() {}

    /**
     * The page.
     *
     * @param title for example the name of the file
     * @param files read for it: the training file, then the one kept back
     */
    public static String of(String title, List<Fitted> all, List<SampleFile> files) {
        var html = new StringBuilder();
        html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
                .append("<title>")
                .append(escape(title))
                .append("</title><style>\n")
                .append(STYLE)
                .append("</style></head>\n<body>\n")
                .append("<h1>Consumption models: ")
                .append(escape(title))
                .append("</h1>\n");
        html.append("<p>A second exceeds the bound with a probability of 1 %, memory never. ")
                .append(
                        all.stream().anyMatch(one -> one.holdout().isPresent())
                                ? "All figures are on the kept-back file.</p>\n"
                                : "The error is on loads left out in turn.</p>\n");
        table(html, all);
        aside(html, files);
        for (var one : all) {
            model(html, one);
        }
        return html.append("</body></html>\n").toString();
    }

    private static void table(StringBuilder html, List<Fitted> all) {
        html.append(
                "<div class=\"wide\"><table><thead><tr><th>Service<th>Mode<th>Resource<th>Error<th>Within bound<th>Slack<th>Mean</tr></thead>\n<tbody>");
        for (var one : all) {
            var line = FitLine.of(one);
            html.append(String.format(
                    Locale.ROOT,
                    "<tr><td>%s<td>%s<td><a href=\"#%s\">%s</a><td class=\"figure\">%s<td class=\"figure\">%s<td class=\"figure\">%s<td>%s</tr>\n",
                    escape(line.service()),
                    escape(line.mode()),
                    anchor(one),
                    line.resource(),
                    FitTable.percent("%.2f %%", line.mape() / 100),
                    FitTable.percent("%.2f %%", line.coverage99()),
                    FitTable.percent("%.0f %%", line.slack()),
                    escape(FitTable.equation(one))));
        }
        html.append("</tbody></table></div>\n");
    }

    private static void aside(StringBuilder html, List<SampleFile> files) {
        var lines = FitTable.lines(List.of(), files);
        var counted = lines.subList(2, lines.size());
        if (!counted.isEmpty()) {
            html.append("<h2>Put aside</h2><ul>");
            counted.forEach(line -> html.append("<li>").append(escape(line)).append("</li>"));
            html.append("</ul>\n");
        }
    }

    private static void model(StringBuilder html, Fitted one) {
        var kind = one.kind();
        html.append("<h2 id=\"")
                .append(anchor(one))
                .append("\">")
                .append(escape(kind.service() + ", " + kind.mode() + ": "
                        + one.model().resource().code()))
                .append("</h2>\n<p>")
                .append(escape(FitTable.equation(one)))
                .append(
                        " <span class=\"key\">· dots: seconds · <b class=\"mean\">mean</b> · <b class=\"bound\">bound</b></span></p>\n");
        one.notes().forEach(note -> html.append("<p>").append(escape(note)).append("</p>\n"));
        html.append("<div class=\"pair\">")
                .append(Chart.use(one))
                .append(Chart.residuals(one))
                .append("</div>\n");
    }

    private static String anchor(Fitted one) {
        var kind = one.kind();
        return (kind.service() + "-" + kind.mode() + "-"
                        + one.model().resource().code())
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-");
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
