package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.delivery.RunningRelease;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What actuator shows of a namespace. */
final class ReleaseDetails {

    private ReleaseDetails() {}

    static Map<String, Object> of(RunningRelease release) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("release", release.number());
        details.put("since", release.since().toString());
        details.put("source", release.source().name().toLowerCase(Locale.ROOT));
        release.problem().ifPresent(problem -> details.put("problem", problem));
        return details;
    }
}
