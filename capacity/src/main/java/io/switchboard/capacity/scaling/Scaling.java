package io.switchboard.capacity.scaling;

import io.switchboard.capacity.plan.TaskSize;
import java.time.Duration;
import java.util.Locale;

/**
 * How many tasks there should be, and why.
 *
 * <p>Feed-forward: tasks are wanted before the calls come, for the most of what the order's profile has then, corrected
 * by what it was worth in the last hour; of what earlier weeks had; and of where the calls in progress are going.
 * Feedback: tasks that use more CPU than calls explain are relieved. More are wanted at once, fewer only after a calm
 * time in which so many were never needed, and one plan's worth of calls in progress always has its tasks.
 *
 * @param tasks from now on
 * @param needed calls at once that this is for
 * @param reason sentences with the figures
 */
public record Scaling(int tasks, double needed, String reason) {

    /** From here on tasks are relieved; between this and what plans keep to nothing is done, so that it doesn't swing. */
    private static final double HOT = 0.8;
    /** A look back for the direction; longer ones answer too late, shorter ones follow noise. */
    private static final Duration DIRECTION = Duration.ofMinutes(10);

    /** The same situation gives the same answer. */
    public static Scaling decide(Situation now, ScalingTerms terms) {
        var need = Need.of(now, terms);
        int wanted = terms.within(Math.max(terms.tasks(need.calls), relief(now)));
        if (wanted > now.tasks()) {
            return new Scaling(wanted, need.calls, say("%s %s", need.why, grow(now, terms, need, wanted)));
        }
        if (wanted < now.tasks()) {
            return fewer(now, terms, need, wanted);
        }
        return new Scaling(
                wanted, need.calls, say("%s %s as there are.%s", need.why, takes(wanted), bounded(terms, need)));
    }

    /** Calls at once that tasks must be ready for, and where that comes from. */
    private record Need(double calls, String why) {

        static Need of(Situation now, ScalingTerms terms) {
            double calls = now.readings().getLast().calls();
            var from = now.now().minus(DIRECTION);
            var recent = now.readings().stream()
                    .filter(one -> !one.at().isBefore(from))
                    .toList();
            double going = Trend.of(recent.isEmpty() ? now.readings() : recent).most(terms.lead());
            double expected = now.expected().calls();
            double most = Math.max(calls, Math.max(going, expected));
            return new Need(
                    most,
                    say(
                            "%.0f calls in progress, %.0f to be ready for in %s%s.",
                            calls,
                            Math.ceil(Math.max(0, Math.max(calls, going) - 1e-9)),
                            words(terms.lead()),
                            foreseen(now.expected())));
        }

        private static String foreseen(Expected expected) {
            var parts = new StringBuilder();
            expected.ordered()
                    .ifPresent(calls ->
                            parts.append(say(", %.0f by the order's profile × %.2f today", calls, expected.share())));
            expected.usual().ifPresent(calls -> parts.append(say(", %.0f in earlier weeks", calls)));
            return parts.toString();
        }
    }

    /**
     * Tasks that the CPU in use asks for. Where it is hot, as many as clear it for those that were measured; else no fewer
     * than keep the others from that, where those that weren't measured use as much.
     */
    private static long relief(Situation now) {
        return now.cpu()
                .map(cpu -> cpu.share() > HOT
                        ? (long) Math.ceil(cpu.tasks() * cpu.share() / TaskSize.CLEAR)
                        : Math.min(
                                now.tasks(), (long) Math.ceil(Math.max(now.tasks(), cpu.tasks()) * cpu.share() / HOT)))
                .orElse(0L);
    }

    private static String grow(Situation now, ScalingTerms terms, Need need, int wanted) {
        boolean hot = relief(now) > terms.tasks(need.calls);
        return say(
                "%s instead of %d%s.%s",
                takes(wanted),
                now.tasks(),
                hot
                        ? say(
                                ": tasks use %.0f %% of their CPU",
                                100 * now.cpu().map(CpuUse::share).orElse(0.0))
                        : "",
                bounded(terms, need));
    }

    private static Scaling fewer(Situation now, ScalingTerms terms, Need need, int wanted) {
        var since = now.now().minus(terms.calm());
        if (now.changedAt().filter(changed -> changed.isAfter(since)).isPresent()) {
            return new Scaling(
                    now.tasks(),
                    need.calls,
                    say(
                            "%s %s would do; none goes within %s of the last change.",
                            need.why, count(wanted), words(terms.calm())));
        }
        if (now.readings().getFirst().at().isAfter(since)) {
            return new Scaling(
                    now.tasks(),
                    need.calls,
                    say(
                            "%s %s would do; none goes before calls were watched for %s.",
                            need.why, count(wanted), words(terms.calm())));
        }
        double most = now.readings().stream()
                .filter(one -> !one.at().isBefore(since))
                .mapToDouble(Reading::calls)
                .max()
                .orElse(need.calls);
        // Also where fewer are allowed by now: limits are for tasks, not for calls that are in progress.
        int left = (int) Math.max(wanted, Math.min(now.tasks(), terms.tasks(most)));
        return left == now.tasks()
                ? new Scaling(
                        left,
                        need.calls,
                        say(
                                "%s %s would do, but %.0f calls were in progress in the last %s.",
                                need.why, count(wanted), most, words(terms.calm())))
                : new Scaling(
                        left,
                        Math.max(need.calls, most),
                        say(
                                "%s At most %.0f in the last %s: %s instead of %d.%s",
                                need.why, most, words(terms.calm()), takes(left), now.tasks(), bounded(terms, need)));
    }

    private static String bounded(ScalingTerms terms, Need need) {
        long asked = terms.tasks(need.calls);
        return asked > terms.maxTasks()
                ? say(" %d are needed, but %d are the most allowed.", asked, terms.maxTasks())
                : asked < terms.minTasks() ? say(" Fewer than %d are not allowed.", terms.minTasks()) : "";
    }

    private static String takes(int tasks) {
        return "That takes " + count(tasks);
    }

    private static String words(Duration time) {
        return time.toMinutes() > 0 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }

    private static String count(int tasks) {
        return tasks == 1 ? "1 task" : tasks + " tasks";
    }

    private static String say(String format, Object... figures) {
        return String.format(Locale.ROOT, format, figures);
    }
}
