package io.switchboard.capacity.demand;

import io.switchboard.capacity.model.Driver;
import io.switchboard.capacity.model.Load;
import io.switchboard.capacity.traffic.ErlangA;
import java.util.EnumMap;
import java.util.Locale;

/**
 * The demand on one service that is ordered by itself: every call of the profile is its own, in its busiest half-hour.
 *
 * <p>Calls at once are the offered traffic; where calls queue for agents, callers who wait are added as far as callers
 * who give up don't make up for them (Erlang A). On top come deviations of their spread, as in {@link Demand}.
 *
 * @param calls at once that tasks must be ready for
 * @param load the same with the calls that begin a second and, for chats, their messages
 * @param explanation how the calls at once came about, one sentence
 */
public record OrderedLoad(int calls, Load load, String explanation) {

    private static final String QUEUES = "acd";
    private static final String CHATS = "web-chat";
    private static final int MOST_CALLS_PER_HOUR = 10_000_000;

    /** @param service as in the models' kinds: those of {@code acd} queue for agents, those of {@code web-chat} are chats */
    public static OrderedLoad of(String service, LoadProfile profile) {
        var assumed = profile.assumptions();
        double arrivals = profile.callsPerHour() / 3600;
        double erlangs = arrivals * profile.handlingSeconds();
        double mean = service.equals(QUEUES) ? Math.max(erlangs, queueingAndTalking(arrivals, profile)) : erlangs;
        double calls = Math.min(Integer.MAX_VALUE, Demand.peakOf(mean, assumed));
        var values = new EnumMap<Driver, Double>(Driver.class);
        values.put(Driver.CALLS, calls);
        values.put(Driver.CALL_RATE, Demand.peakRate(arrivals, assumed));
        if (service.equals(CHATS)) {
            values.put(Driver.MESSAGES, calls * assumed.messagesPerSecond());
        }
        return new OrderedLoad((int) calls, new Load(values), explanation(profile, erlangs, mean, calls));
    }

    /** The most calls an hour, all else equal, with no more than this many at once. */
    public static int mostCallsPerHour(String service, LoadProfile profile, long atOnce) {
        int low = 0;
        int high = MOST_CALLS_PER_HOUR + 1;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (of(service, profile.with(middle)).calls <= atOnce) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static double queueingAndTalking(double arrivals, LoadProfile profile) {
        if (arrivals == 0) {
            return 0;
        }
        var queue = new ErlangA(
                        profile.agents(),
                        arrivals * profile.handlingSeconds(),
                        profile.handlingSeconds(),
                        profile.assumptions().patienceSeconds())
                .queue();
        return arrivals * (queue.meanWaitSeconds() + (1 - queue.abandoning()) * profile.handlingSeconds());
    }

    private static String explanation(LoadProfile profile, double erlangs, double mean, double calls) {
        var assumed = profile.assumptions();
        return say(
                "%.0f calls at once = %.1f erlangs (%.0f calls an hour × %.0f s)%s + %.0f × √(%.1f + (%.0f %% of it)²) for peaks.",
                calls,
                erlangs,
                profile.callsPerHour(),
                profile.handlingSeconds(),
                mean > erlangs ? say(" + %.1f who wait for one of %d agents", mean - erlangs, profile.agents()) : "",
                assumed.deviations(),
                mean,
                100 * assumed.variation());
    }

    private static String say(String format, Object... figures) {
        return String.format(Locale.ROOT, format, figures);
    }
}
