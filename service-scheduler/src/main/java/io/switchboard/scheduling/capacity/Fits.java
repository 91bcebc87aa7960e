package io.switchboard.scheduling.capacity;

import io.switchboard.capacity.model.ConsumptionModel;
import io.switchboard.capacity.model.Fitted;
import io.switchboard.capacity.model.Kind;
import io.switchboard.capacity.model.Learning;
import io.switchboard.capacity.model.ModelStore;
import io.switchboard.capacity.model.SampleFile;
import io.switchboard.contracts.capacity.CapacityApi.FitAnswer;
import io.switchboard.contracts.capacity.CapacityApi.FittedWork;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Fits models to data sets, one at a time: each takes all the cores it gets. */
final class Fits {

    private final ModelVersions versions;
    private final Clock clock;
    private final Semaphore turn = new Semaphore(1);

    Fits(ModelVersions versions, Clock clock) {
        this.versions = versions;
        this.clock = clock;
    }

    /**
     * For whom the data was measured, and what becomes of its models.
     *
     * @param keep whether they become versions
     */
    record Purpose(boolean keep, String image, String tenant, String nodeClass, String source, String by) {

        Scope scope(Kind kind) {
            return new Scope(kind, image, tenant, nodeClass);
        }
    }

    /** @throws Problem if there is nothing to fit, or another fit runs */
    FitAnswer fit(Supplier<SampleFile> data, Purpose purpose) {
        if (!turn.tryAcquire()) {
            throw new Problem(RequestProblem.UNAVAILABLE, "Another data set is being fitted.");
        }
        try {
            var file = data.get();
            var rejected = SampleRows.rejected(file);
            var fitted = Fitted.all(Learning.NOMINAL, file);
            if (fitted.isEmpty()) {
                throw new Problem(
                        CapacityProblem.NOTHING_TO_FIT,
                        "None of the %d rows shows a resource in use.".formatted(file.rows()),
                        Map.of("rejected", rejected));
            }
            var store = ModelStore.of(purpose.source(), fitted, List.of(file));
            return new FitAnswer(file.rows(), rejected, works(store, fitted, purpose));
        } finally {
            turn.release();
        }
    }

    private List<FittedWork> works(ModelStore store, List<Fitted> fitted, Purpose purpose) {
        var works = new ArrayList<FittedWork>();
        store.models().forEach((kind, models) -> {
            var version = purpose.keep()
                    ? Optional.of(versions.add(purpose.scope(kind), store.only(kind), purpose.by(), clock.instant())
                            .version())
                    : Optional.<Long>empty();
            var notes = fitted.stream()
                    .filter(one -> one.kind().equals(kind))
                    .flatMap(one -> one.notes().stream().map(note -> code(one.model()) + ": " + note))
                    .toList();
            works.add(new FittedWork(
                    kind.service(),
                    kind.mode(),
                    version,
                    ModelViews.resources(models, store.worth().getOrDefault(kind, Map.of())),
                    notes));
        });
        return works;
    }

    private static String code(ConsumptionModel model) {
        return model.resource().code();
    }
}
