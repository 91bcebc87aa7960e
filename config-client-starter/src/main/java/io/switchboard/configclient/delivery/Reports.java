package io.switchboard.configclient.delivery;

import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.NamespacePath;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/** Tells the center what this process runs, whenever that is another thing than was told last. */
final class Reports {

    private static final Log log = LogFactory.getLog(Reports.class);

    private final Center center;
    private final String client;
    private final Map<NamespacePath, Told> told = new HashMap<>();

    /** @param node of this session, where it was left */
    private record Told(String node, ClientReport report) {}

    Reports(Center center, String client) {
        this.center = center;
        this.client = client;
    }

    /** What was told is gone, as with a session's end. */
    void forget() {
        told.clear();
    }

    /** @param build under which it left what it takes; empty if it did not */
    void tell(RunningRelease state, Optional<String> build) {
        var report = new ClientReport(client, state.number(), state.since(), state.problem(), build);
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
