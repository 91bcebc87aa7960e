package io.switchboard.scheduling.capacity;

import io.switchboard.capacity.demand.Assumptions;
import java.util.LinkedHashMap;
import java.util.Map;

/** Assumptions by their names, as they go over the wire. */
final class Assumed {

    private Assumed() {}

    static Map<String, Double> all(Assumptions assumed) {
        var all = new LinkedHashMap<String, Double>();
        all.put("ivrSeconds", assumed.ivrSeconds());
        all.put("selfService", assumed.selfService());
        all.put("patienceSeconds", assumed.patienceSeconds());
        all.put("transcodedShare", assumed.transcodedShare());
        all.put("recordedShare", assumed.recordedShare());
        all.put("streamsPerRecording", (double) assumed.streamsPerRecording());
        all.put("videoShare", assumed.videoShare());
        all.put("chatSeconds", assumed.chatSeconds());
        all.put("messagesPerSecond", assumed.messagesPerSecond());
        all.put("variation", assumed.variation());
        all.put("deviations", assumed.deviations());
        return all;
    }

    /**
     * The usual ones with what was said in place.
     *
     * @throws IllegalArgumentException if one is not known or out of its range
     */
    static Assumptions of(Map<String, Double> said) {
        var all = all(Assumptions.USUAL);
        said.forEach((name, value) -> {
            if (!all.containsKey(name)) {
                throw new IllegalArgumentException(
                        "known are " + String.join(", ", all.keySet()) + " but there was another name");
            }
            all.put(name, value);
        });
        double streams = figure(all, "streamsPerRecording");
        if (streams != Math.rint(streams)) {
            throw new IllegalArgumentException("streamsPerRecording must be 1 or 2 but was " + streams);
        }
        return new Assumptions(
                figure(all, "ivrSeconds"),
                figure(all, "selfService"),
                figure(all, "patienceSeconds"),
                figure(all, "transcodedShare"),
                figure(all, "recordedShare"),
                (int) streams,
                figure(all, "videoShare"),
                figure(all, "chatSeconds"),
                figure(all, "messagesPerSecond"),
                figure(all, "variation"),
                figure(all, "deviations"));
    }

    private static double figure(Map<String, Double> all, String name) {
        return all.getOrDefault(name, Double.NaN);
    }
}
