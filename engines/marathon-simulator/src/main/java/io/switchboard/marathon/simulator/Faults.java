package io.switchboard.marathon.simulator;

import java.time.Duration;

/**
 * What goes wrong by chance, each with its likelihood from 0 to 1.
 *
 * @param errorBefore a call is answered with 503 and nothing happens
 * @param errorAfter a change is made and answered with 500
 * @param cutBefore the connection ends without an answer, nothing happens
 * @param cutAfter a change is made, then the connection ends without an answer
 * @param eventLost an event reaches a subscriber never
 * @param eventTwice an event reaches a subscriber twice
 * @param eventLate an event reaches a subscriber after later ones
 * @param streamCut an event ends the subscriber's stream
 * @param slow an answer takes as long as {@link #slowness}
 * @param slowness how long slow answers take
 * @param visibleAfter how long reads show what was before a change
 */
public record Faults(
        double errorBefore,
        double errorAfter,
        double cutBefore,
        double cutAfter,
        double eventLost,
        double eventTwice,
        double eventLate,
        double streamCut,
        double slow,
        Duration slowness,
        Duration visibleAfter) {

    public static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO);

    /** A bit of everything. */
    public static final Faults MANY = new Faults(
            0.05, 0.05, 0.03, 0.03, 0.2, 0.1, 0.2, 0.02, 0.05, Duration.ofMillis(200), Duration.ofMillis(300));

    public Faults withVisibleAfter(Duration other) {
        return new Faults(
                errorBefore,
                errorAfter,
                cutBefore,
                cutAfter,
                eventLost,
                eventTwice,
                eventLate,
                streamCut,
                slow,
                slowness,
                other);
    }

    public Faults withErrors(double before, double after) {
        return new Faults(
                before,
                after,
                cutBefore,
                cutAfter,
                eventLost,
                eventTwice,
                eventLate,
                streamCut,
                slow,
                slowness,
                visibleAfter);
    }

    public Faults withCuts(double before, double after) {
        return new Faults(
                errorBefore,
                errorAfter,
                before,
                after,
                eventLost,
                eventTwice,
                eventLate,
                streamCut,
                slow,
                slowness,
                visibleAfter);
    }

    public Faults withLostEvents(double likelihood) {
        return new Faults(
                errorBefore,
                errorAfter,
                cutBefore,
                cutAfter,
                likelihood,
                eventTwice,
                eventLate,
                streamCut,
                slow,
                slowness,
                visibleAfter);
    }
}
