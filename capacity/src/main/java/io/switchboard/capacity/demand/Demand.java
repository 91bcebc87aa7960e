package io.switchboard.capacity.demand;

import io.switchboard.capacity.model.Driver;
import io.switchboard.capacity.model.Kind;
import io.switchboard.capacity.model.Load;
import io.switchboard.capacity.traffic.ErlangA;
import io.switchboard.capacity.traffic.Queue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The demand on each service type in one half-hour.
 *
 * <p>Calls enter through signalling and a relay, pass the menu, and queue for an agent or end there. Calls at once are
 * their mean A plus deviations of their spread, {@code √(A + (variation·A)²)}: Poisson within the half-hour, and the
 * uncertainty of its mean (Whitt 2006).
 *
 * @param half number of the half-hour, 0 is midnight (of Monday, for a week)
 * @param agents people logged in then
 * @param erlangs calls at once on average, in the menu, waiting and talking together: the traffic of the trunks
 * @param queue what callers of the agents meet on average
 * @param loads by service type and mode; without those that nobody uses
 */
public record Demand(int half, int agents, double erlangs, Queue queue, SortedMap<Kind, Load> loads) {

    /** Until a double holds no smaller difference. */
    private static final int HALVINGS = 50;

    private static final Queue NOBODY = new Queue(0, 0, 0, 0);

    /** The demand of every half-hour of the profile's shape. */
    public static List<Demand> of(LoadProfile profile) {
        var all = new ArrayList<Demand>();
        var factors = profile.shape().factors();
        for (int half = 0; half < factors.size(); half++) {
            all.add(of(profile, half, factors.get(half)));
        }
        return List.copyOf(all);
    }

    /** The demand of the busiest half-hour alone; its number is 0. */
    public static Demand busiest(LoadProfile profile) {
        return of(profile, 0, 1);
    }

    /** The most that each service type meets in any half-hour, by its calls at once. */
    public static SortedMap<Kind, Load> peak(List<Demand> demands) {
        var peak = new TreeMap<Kind, Load>();
        for (var demand : demands) {
            demand.loads.forEach((kind, load) -> peak.merge(kind, load, Demand::larger));
        }
        return peak;
    }

    private static Load larger(Load one, Load other) {
        return List.of(one, other).stream()
                .max(Comparator.comparingDouble(load -> load.values().getOrDefault(Driver.CALLS, 0.0)))
                .orElseThrow();
    }

    private static Demand of(LoadProfile profile, int half, double factor) {
        var assumed = profile.assumptions();
        int agents = (int) Math.max(1, Math.ceil(profile.agents() * factor));
        double arrivals = profile.callsPerHour() * factor / 3600;
        double queued = arrivals * (1 - assumed.selfService());
        var queue = queued == 0
                ? NOBODY
                : new ErlangA(
                                agents,
                                queued * profile.handlingSeconds(),
                                profile.handlingSeconds(),
                                assumed.patienceSeconds())
                        .queue();
        double menu = arrivals * assumed.ivrSeconds();
        double waiting = queued * queue.meanWaitSeconds();
        double talking = queued * (1 - queue.abandoning()) * profile.handlingSeconds();
        double all = menu + waiting + talking;
        double chats = profile.chatsPerHour() * factor / 3600;

        var loads = new TreeMap<Kind, Load>();
        // A queued call has a second leg, to the agent.
        add(loads, assumed, new Kind("voice-sip", "proxy+registrar"), all, arrivals + queued);
        double transcoded = assumed.transcodedShare();
        add(loads, assumed, new Kind("voice-rtp", "G.711 relay"), all * (1 - transcoded), arrivals * (1 - transcoded));
        add(loads, assumed, new Kind("voice-rtp", "G.711>Opus transcode"), all * transcoded, arrivals * transcoded);
        add(loads, assumed, new Kind("ivr", "G.711 menu+DTMF"), menu, arrivals);
        add(loads, assumed, new Kind("acd", "queue+bridge"), waiting + talking, queued);
        double streams = assumed.recordedShare() * assumed.streamsPerRecording();
        add(loads, assumed, new Kind("recording", "PCM file"), talking * streams, queued * streams);
        add(
                loads,
                assumed,
                new Kind("video", "1:1 VP8 400k"),
                talking * assumed.videoShare(),
                queued * assumed.videoShare());
        chats(loads, assumed, chats);
        return new Demand(half, agents, all, queue, loads);
    }

    private static void add(
            SortedMap<Kind, Load> loads, Assumptions assumed, Kind kind, double calls, double perSecond) {
        if (calls > 0) {
            loads.put(kind, Load.calls(peakOf(calls, assumed), peakRate(perSecond, assumed)));
        }
    }

    private static void chats(SortedMap<Kind, Load> loads, Assumptions assumed, double perSecond) {
        double chats = perSecond * assumed.chatSeconds();
        if (chats > 0) {
            double most = peakOf(chats, assumed);
            loads.put(
                    new Kind("web-chat", "1:1 chat"),
                    new Load(Map.of(
                            Driver.CALLS,
                            most,
                            Driver.CALL_RATE,
                            peakRate(perSecond, assumed),
                            Driver.MESSAGES,
                            most * assumed.messagesPerSecond())));
        }
    }

    /** Calls at once to be ready for, where they are so many on average: their mean and deviations, rounded up. */
    public static double peakOf(double mean, Assumptions assumed) {
        double uncertain = assumed.variation() * mean;
        return Math.ceil(mean + assumed.deviations() * Math.sqrt(mean + uncertain * uncertain));
    }

    /** Calls at once on average, where {@code peak} is what to be ready for. */
    public static double meanOf(double peak, Assumptions assumed) {
        double low = 0;
        double high = peak;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (peakOf(middle, assumed) > peak) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }

    /** Rates are means over ten seconds: in those, arrivals vary as a Poisson count does. */
    static double peakRate(double perSecond, Assumptions assumed) {
        double uncertain = assumed.variation() * perSecond;
        return perSecond + assumed.deviations() * Math.sqrt(perSecond / 10 + uncertain * uncertain);
    }
}
