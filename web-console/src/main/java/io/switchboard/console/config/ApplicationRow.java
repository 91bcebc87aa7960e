package io.switchboard.console.config;

import io.switchboard.contracts.config.ApplicationsApi.ApplicationView;
import io.switchboard.contracts.config.ApplicationsApi.StageView;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One application that has configuration.
 *
 * @param instance that runs it; null if there is none any more
 * @param releasedAt when the last release was made; null if there was none
 */
record ApplicationRow(
        String application,
        @Nullable UUID instance,
        List<String> stages,
        int namespaces,
        int clients,
        @Nullable Instant releasedAt) {

    static ApplicationRow of(ApplicationView view, @Nullable UUID instance) {
        return new ApplicationRow(
                view.application(),
                instance,
                view.stages().stream().map(StageView::stage).toList(),
                view.stages().stream().mapToInt(StageView::namespaces).sum(),
                view.stages().stream().mapToInt(StageView::clients).sum(),
                view.stages().stream()
                        .flatMap(stage -> stage.releasedAt().stream())
                        .max(Comparator.naturalOrder())
                        .orElse(null));
    }

    /** The stage to begin with: what tasks read, unless there are only others. */
    public String stage() {
        return stages.isEmpty() || stages.contains(Namespace.MAIN_STAGE) ? Namespace.MAIN_STAGE : stages.getFirst();
    }

    /** Whether nothing reads it any more, as far as can be seen. */
    public boolean isLeft() {
        return instance == null && clients == 0;
    }
}
