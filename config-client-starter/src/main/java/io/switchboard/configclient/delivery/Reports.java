package io.switchboard.configclient.delivery;

import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.ClientReport.Trials;
import io.switchboard.configprotocol.NamespacePath;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/** Tells the center what this process runs, whenever that is another thing than was told last. */
final class Reports {

    private static final Log log = LogFactory.getLog(Reports.class);

    private final Center center;
    private final String client;
    private final SortedMap<String, String> labels;
    private final Map<NamespacePath, Told> told = new HashMap<>();

    /** @param node of this session, where it was left */
    private record Told(String node, ClientReport report) {}

    Reports(Center center, Coordinates coordinates) {
        this.center = center;
        this.client = coordinates.client();
        this.labels = new TreeMap<>(coordinates.labels());
    }

    /** What was told is gone, as with a session's end. */
    void forget() {
        told.clear();
    }

    /**
     * @param build under which it left what it takes; empty if it did not
     * @param refused the release that the application did not take over
     * @param health of the application, as far as it is asked for
     */
    void tell(RunningRelease state, Optional<String> build, OptionalLong refused, CanaryHealth.Found health) {
        var report = new ClientReport(
                client,
                state.number(),
                state.since(),
                state.problem().or(health::problem),
                build,
                Optional.of(new Trials(labels, refused, health.health())));
        Told last = told.get(state.path());
        if (last != null && report.equals(last.report())) {
            return;
        }
        try {
            String node = last != null && center.reportAgain(last.node(), report)
                    ? last.node()
                    : center.report(state.path(), report);
            told.put(state.path(), new Told(node, report));
        } catch (CenterFailure e) {
            log.debug("Not reported: " + e.getMessage());
        }
    }
}
