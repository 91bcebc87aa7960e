package io.switchboard.scheduling.rollout;

import io.switchboard.scheduling.task.Quality;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether new tasks serve as well as old ones.
 *
 * <p>Of two shares of failures the new one is worse if even its lower bound lies above the old one's upper bound, both at
 * 99.9 % by Wilson's score interval ("Probable inference, the law of succession, and statistical inference", 1927), which
 * holds for few failures, too. Of two mean times the new one is worse if it is longer by a factor and more than a few
 * milliseconds.
 */
sealed interface Judgement {

    /** @param why with figures, without a full stop */
    record Worse(String why) implements Judgement {}

    record AsGood(String figures) implements Judgement {}

    /** Too few requests or calls to tell; it may be judged worse nevertheless. */
    record TooFew(String figures) implements Judgement {}

    /** @param fresh the new tasks' figures, of those that tell; likewise {@code old} */
    static Judgement of(List<Quality> fresh, List<Quality> old, RolloutProperties.CanaryLimits limits) {
        if (fresh.isEmpty()) {
            return new TooFew("the new tasks don't tell how well they serve, so a person has to promote or abort");
        }
        var now = Quality.sum(fresh);
        var before = Quality.sum(old);
        var worse = new ArrayList<String>();
        if (failsMore(now.failedRequests(), now.requests(), before.failedRequests(), before.requests())) {
            worse.add(words(
                    "%s of %,d requests failed, of the old tasks' %s",
                    percent(now.failedRequests(), now.requests()),
                    now.requests(),
                    percent(before.failedRequests(), before.requests())));
        }
        if (failsMore(now.failedCallSetups(), now.callSetups(), before.failedCallSetups(), before.callSetups())) {
            worse.add(words(
                    "%s of %,d calls were not set up, of the old tasks' %s",
                    percent(now.failedCallSetups(), now.callSetups()),
                    now.callSetups(),
                    percent(before.failedCallSetups(), before.callSetups())));
        }
        boolean enough = now.requests() >= limits.minRequests();
        if (enough && before.requests() >= limits.minRequests() && slower(now, before, limits)) {
            worse.add(words("a request took %.0f ms, the old tasks' %.0f ms", millis(now), millis(before)));
        }
        if (!worse.isEmpty()) {
            return new Worse(String.join("; ", worse));
        }
        var figures = words(
                "%,d requests, %,d of them failed; %,d calls, %,d of them not set up",
                now.requests(), now.failedRequests(), now.callSetups(), now.failedCallSetups());
        return enough ? new AsGood(figures) : new TooFew(figures + words(" (judged from %,d)", limits.minRequests()));
    }

    private static boolean failsMore(long failed, long of, long failedBefore, long ofBefore) {
        return of > 0 && wilson(failed, of, -1) > (ofBefore == 0 ? 0.5 : wilson(failedBefore, ofBefore, 1));
    }

    /** The bound of a share: the lower one with sign -1, the upper one with 1. */
    private static double wilson(long count, long of, int sign) {
        double z = 3.2905;
        double share = (double) count / of;
        double square = z * z / of;
        double middle = share + square / 2;
        double width = z * Math.sqrt(share * (1 - share) / of + square / (4 * of));
        return (middle + sign * width) / (1 + square);
    }

    private static boolean slower(Quality now, Quality before, RolloutProperties.CanaryLimits limits) {
        return millis(now) > millis(before) * limits.latencyFactor()
                && millis(now) > millis(before) + limits.latencySlack().toMillis();
    }

    private static double millis(Quality of) {
        return of.requestSeconds() / of.requests() * 1000;
    }

    private static String percent(long count, long of) {
        return words("%.1f %%", of == 0 ? 0 : 100.0 * count / of);
    }

    /** The same on every machine. */
    private static String words(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
