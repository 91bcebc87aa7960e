package io.switchboard.scheduling.capacity;

import io.switchboard.capacity.model.Kind;
import io.switchboard.capacity.plan.Part;
import io.switchboard.capacity.plan.TaskWork;
import io.switchboard.contracts.scheduling.Consumption;
import io.switchboard.scheduling.sample.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a service type's tasks. Where they were measured as they are, with all that they do, that counts;
 * else it is put together from the kinds of work that the catalog names, and the base it adds by hand.
 *
 * @param traffic the service that says how calls become calls at once
 * @param known what the task's parts come from
 */
record TaskKnowledge(TaskWork work, String traffic, List<KnownWork> known) {

    TaskKnowledge {
        known = List.copyOf(known);
    }

    /** The kind of work that lacks a model. */
    static final class NoModel extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NoModel(Consumption.Work work) {
            super(
                    "There is no consumption model of %s (%s).".formatted(cut(work.service()), cut(work.mode())),
                    null,
                    false,
                    false);
        }

        private static String cut(String text) {
            return text.length() <= 64 ? text : text.substring(0, 64) + "…";
        }
    }

    /**
     * @param serviceType whose tasks may have been measured as a whole; empty if that isn't asked for
     * @throws NoModel if nothing is known of a kind of work
     * @throws IllegalArgumentException if the consumption names no work, or contradicts itself
     */
    static TaskKnowledge of(Models models, String serviceType, Consumption consumption, String image, String tenant) {
        if (consumption.work().isEmpty()) {
            throw new IllegalArgumentException("consumption must name at least one kind of work");
        }
        var traffic = consumption.work().getFirst().service();
        var whole = whole(models, serviceType, image, tenant);
        if (whole.isPresent()) {
            var part = whole.get().part(1);
            return new TaskKnowledge(
                    new TaskWork(List.of(part), 0, 0, consumption.maxCallsPerTask()), traffic, List.of(whole.get()));
        }
        var known = new ArrayList<KnownWork>();
        var parts = new ArrayList<Part>();
        for (var work : consumption.work()) {
            var found = models.find(new Kind(work.service(), work.mode()), image, tenant)
                    .orElseThrow(() -> new NoModel(work));
            known.add(found);
            parts.add(found.part(work.perCall()));
        }
        var base = consumption.base().orElse(new Consumption.Base(0, 0));
        return new TaskKnowledge(
                new TaskWork(parts, base.cpuMillis(), base.memoryMib(), consumption.maxCallsPerTask()), traffic, known);
    }

    private static Optional<KnownWork> whole(Models models, String serviceType, String image, String tenant) {
        return serviceType.isEmpty()
                ? Optional.empty()
                : models.find(new Kind(serviceType, Series.WHOLE_TASK), image, tenant)
                        .filter(KnownWork::isComplete);
    }

    /** Where the models come from, a sentence each. */
    List<String> origins() {
        return known.stream().map(KnownWork::origin).distinct().toList();
    }
}
