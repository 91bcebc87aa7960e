package io.switchboard.configclient.delivery;

import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.NamespacePath;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/** Tells the center what this process runs, whenever that is another thing than was told last. */
final class Reports {

    private static final Log log = LogFactory.getLog(Reports.class);

    private final Center center;
    private final String client;
    private final Map<NamespacePath, ClientReport> told = new HashMap<>();

    Reports(Center center, String client) {
        this.center = center;
        this.client = client;
    }

    /** What was told is gone, as with a session's end. */
    void forget() {
        told.clear();
    }

    void tell(RunningRelease state) {
        var report = new ClientReport(client, state.number(), state.since(), state.problem());
        if (report.equals(told.get(state.path()))) {
            return;
        }
        try {
            center.report(state.path(), report);
            told.put(state.path(), report);
        } catch (CenterFailure e) {
            log.debug("Not reported: " + e.getMessage());
        }
    }
}
