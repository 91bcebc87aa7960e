package io.switchboard.capacity.scaling;

import io.switchboard.capacity.plan.TaskSize;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How many tasks there should be, and why.
 *
 * <p>Feed-forward: tasks are wanted before the calls come, for the most of what the order's profile has then, corrected
 * by what it was worth in the last hour; of what earlier weeks had; and of where the calls in progress are going.
 * Feedback: tasks that use more CPU than calls explain are relieved. More are wanted at once, fewer only after a calm
 * time in which so many were never needed, and calls in progress always have the tasks that a plan would give them.
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
        return wanted < now.tasks()
                ? fewer(now, terms, need, wanted)
                : new Scaling(
                        wanted, need.calls, need.why + " " + takes(now, terms, need.calls, wanted, Optional.empty()));
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
            var why = say(
                    "%d calls in progress, %d in %s as they go%s.",
                    up(calls), up(Math.max(calls, going)), words(terms.lead()), foreseen(now.expected()));
            return new Need(most, why);
        }

        private static String foreseen(Expected expected) {
            var parts = new StringBuilder();
            var share =
                    expected.share().map(known -> say(" × %.2f today", known)).orElse("");
            expected.ordered().ifPresent(calls -> parts.append(say(", %d by the order's profile%s", up(calls), share)));
            expected.usual().ifPresent(calls -> parts.append(say(", %d in earlier weeks", up(calls))));
            return parts.toString();
        }
    }

    /**
     * Tasks that the CPU in use asks for. Where it is hot, as many as clear it for those that were measured; else no fewer
     * than keep the others from that, where those that weren't measured use as much.
     */
    private static long relief(Situation now) {
        if (!(now.cpu() instanceof CpuUse.Measured cpu)) {
            return 0;
        }
        return cpu.share() > HOT
                ? (long) Math.ceil(cpu.tasks() * cpu.share() / TaskSize.CLEAR)
                : Math.min(now.tasks(), (long) Math.ceil(Math.max(now.tasks(), cpu.tasks()) * cpu.share() / HOT));
    }

    private static Scaling fewer(Situation now, ScalingTerms terms, Need need, int wanted) {
        var since = now.now().minus(terms.calm());
        var obstacle = obstacle(now, terms, since);
        if (obstacle.isPresent()) {
            return new Scaling(
                    now.tasks(), need.calls, need.why + " " + takes(now, terms, need.calls, now.tasks(), obstacle));
        }
        double most = now.readings().stream()
                .filter(one -> !one.at().isBefore(since))
                .mapToDouble(Reading::calls)
                .max()
                .orElse(need.calls);
        double calls = Math.max(need.calls, most);
        var peak = most > need.calls ? say(" At most %d in the last %s.", up(most), words(terms.calm())) : "";
        // Also where fewer are allowed by now: limits are for tasks, not for calls that are in progress.
        int left = (int) Math.max(wanted, Math.min(now.tasks(), terms.tasks(most)));
        return new Scaling(left, calls, need.why + peak + " " + takes(now, terms, calls, left, Optional.empty()));
    }

    /** What keeps tasks from going whatever the calls are. */
    private static Optional<String> obstacle(Situation now, ScalingTerms terms, Instant since) {
        if (now.changedAt().filter(changed -> changed.isAfter(since)).isPresent()) {
            return Optional.of("none goes within %s of the last change".formatted(words(terms.calm())));
        }
        if (!watched(now, since, terms.lead())) {
            return Optional.of("none goes before calls were watched for " + words(terms.calm()));
        }
        if (now.cpu() instanceof CpuUse.NotKnown) {
            return Optional.of("none goes until it is known how much CPU they use");
        }
        return now.rollout() ? Optional.of("none goes during a rollout") : Optional.empty();
    }

    /** Whether there are readings all the time since then; over a gap a peak may have come and gone. */
    private static boolean watched(Situation now, Instant since, Duration gap) {
        var times = now.readings().stream().map(Reading::at).toList();
        return !times.getFirst().isAfter(since)
                && IntStream.range(1, times.size())
                        .filter(index -> times.get(index).isAfter(since))
                        .noneMatch(index -> times.get(index - 1).plus(gap).isBefore(times.get(index)));
    }

    /** What so many calls take, and whatever makes it another number of tasks. */
    private static String takes(Situation now, ScalingTerms terms, double calls, int tasks, Optional<String> obstacle) {
        long asked = terms.tasks(calls);
        var takes = say("That takes %s, %s", count(asked), terms.words());
        var there = tasks == now.tasks() ? "as there are" : "instead of " + now.tasks();
        var causes = causes(now, terms, asked, tasks, obstacle);
        return causes.isEmpty()
                ? say("%s, %s.", takes, there)
                : say("%s; %s, so %d %s.", takes, String.join(" and ", causes), tasks, there);
    }

    private static List<String> causes(
            Situation now, ScalingTerms terms, long asked, int tasks, Optional<String> obstacle) {
        long wanted = Math.max(asked, relief(now));
        var causes = new ArrayList<String>();
        if (wanted > asked && wanted >= terms.minTasks() && now.cpu() instanceof CpuUse.Measured cpu) {
            causes.add(say("their CPU is %.0f %% in use", 100 * cpu.share()));
        }
        if (wanted > terms.maxTasks()) {
            causes.add(say("at most %d are allowed", terms.maxTasks()));
        }
        if (wanted < terms.minTasks()) {
            causes.add(say("at least %d must run", terms.minTasks()));
        }
        if (obstacle.isPresent()) {
            causes.add(obstacle.get());
        } else if (tasks > terms.maxTasks()) {
            causes.add("those that carry calls stay");
        } else if (tasks < Math.min(wanted, terms.maxTasks())) {
            causes.add("none comes for calls that have ended");
        }
        return causes;
    }

    /** Calls as tasks are planned for them: a part of one takes as much as a whole one. */
    private static long up(double calls) {
        return (long) Math.ceil(calls - 1e-9);
    }

    private static String words(Duration time) {
        return time.toMinutes() > 0 && time.toSecondsPart() == 0 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }

    private static String count(long tasks) {
        return tasks == 1 ? "1 task" : tasks + " tasks";
    }

    private static String say(String format, Object... figures) {
        return String.format(Locale.ROOT, format, figures);
    }
}
