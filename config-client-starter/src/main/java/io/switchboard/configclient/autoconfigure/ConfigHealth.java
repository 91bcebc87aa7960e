package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.delivery.RunningRelease;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What health contributor {@code switchboardConfig} tells. An application with its last good configuration works, so trouble is
 * {@code UNKNOWN} with its reason, never {@code DOWN}: nothing should be restarted for it.
 *
 * @param up whether there is no trouble
 */
record ConfigHealth(boolean up, Map<String, Object> details) {

    /** Of the contributor. */
    static final String BEAN = "switchboardConfigHealthIndicator";

    static ConfigHealth of(Following following) {
        List<RunningRelease> releases = following.releases();
        boolean reachable = following.reachable();
        boolean up = releases.isEmpty()
                || reachable
                        && releases.stream()
                                .noneMatch(release -> release.problem().isPresent());
        Map<String, Object> details = new LinkedHashMap<>();
        if (!releases.isEmpty()) {
            details.put("zookeeper", reachable ? "connected" : "not connected");
        }
        releases.forEach(release -> details.put(release.path().namespace(), ReleaseDetails.of(release)));
        return new ConfigHealth(up, details);
    }
}
