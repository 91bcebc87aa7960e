package io.switchboard.console.instance;

import io.switchboard.console.page.Size;
import io.switchboard.console.page.Tone;
import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.Resources;
import io.switchboard.contracts.scheduling.SchedulerApi.DeploymentView;
import io.switchboard.contracts.scheduling.SchedulerApi.TaskView;
import io.switchboard.contracts.scheduling.SchedulerApi.Usage;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What runs for an instance and why.
 *
 * @param stateKey names the state's word in the messages
 * @param explanation how the capacity plan came about
 */
public record DeploymentPart(
        UUID instanceId,
        String tenant,
        String instanceName,
        String serviceType,
        String image,
        long revision,
        String engine,
        int wanted,
        int ready,
        Size perTask,
        String explanation,
        String stateKey,
        Tone tone,
        String message,
        Instant changedAt,
        List<TaskRow> tasks) {

    public static DeploymentPart of(DeploymentView view) {
        List<TaskRow> tasks = view.tasks().stream()
                .map(task -> TaskRow.of(task, view.perTask()))
                .sorted(Comparator.comparing(TaskRow::startedAt).reversed())
                .toList();
        int ready = (int) view.tasks().stream()
                .filter(task -> task.state() == TaskView.State.READY)
                .count();
        return new DeploymentPart(
                view.instanceId(),
                view.tenant(),
                view.instanceName(),
                view.serviceType(),
                view.image(),
                view.revision(),
                view.engine(),
                view.wantedTasks(),
                ready,
                Size.of(view.perTask()),
                view.explanation(),
                key(view.status()),
                Tone.of(view.status()),
                view.status().message(),
                view.changedAt(),
                tasks);
    }

    private static String key(DeploymentStatus status) {
        return switch (status) {
            case DeploymentStatus.Planned planned -> "PLANNED";
            case DeploymentStatus.RollingOut rollingOut -> "ROLLING_OUT";
            case DeploymentStatus.Steady steady -> "STEADY";
            case DeploymentStatus.Stuck stuck -> "STUCK";
            case DeploymentStatus.RolledBack back -> "ROLLED_BACK";
            case DeploymentStatus.Refused refused -> "REFUSED";
            case DeploymentStatus.Removed removed -> "REMOVED";
        };
    }

    /**
     * One task in the table.
     *
     * @param cpuPercent of what it may use at most; null while it isn't measured, like {@code memoryPercent}
     */
    public record TaskRow(
            String id,
            long revision,
            TaskView.State state,
            Tone tone,
            String message,
            String at,
            @Nullable String cores,
            @Nullable Integer cpuPercent,
            @Nullable Integer memoryMib,
            @Nullable Integer memoryPercent,
            int restarts,
            Instant startedAt) {

        static TaskRow of(TaskView task, Resources most) {
            Optional<Usage> usage = task.usage();
            return new TaskRow(
                    task.id(),
                    task.revision(),
                    task.state(),
                    Tone.of(task.state()),
                    task.message(),
                    at(task),
                    usage.map(used -> Size.cores(used.cpuMillis())).orElse(null),
                    usage.map(used -> percent(used.cpuMillis(), most.cpuMillis()))
                            .orElse(null),
                    usage.map(Usage::memoryMib).orElse(null),
                    usage.map(used -> percent(used.memoryMib(), most.memoryMib()))
                            .orElse(null),
                    task.restarts(),
                    task.startedAt());
        }

        private static String at(TaskView task) {
            return Stream.concat(
                            task.ports().entrySet().stream()
                                    .map(port -> port.getKey() + " " + task.host() + ":" + port.getValue()),
                            task.media().entrySet().stream()
                                    .map(block -> block.getKey() + " " + task.host() + ":"
                                            + block.getValue().first() + "–"
                                            + block.getValue().last()))
                    .sorted()
                    .collect(Collectors.joining(", "));
        }

        /** Whether it is not on its way out already. */
        public boolean isReplaceable() {
            return switch (state) {
                case STARTING, READY, UNHEALTHY -> true;
                case DRAINING, STOPPING -> false;
            };
        }

        private static int percent(int used, int most) {
            return Math.round(100f * used / most);
        }
    }
}
