package io.switchboard.scheduling.capacity;

import io.switchboard.capacity.model.Kind;
import io.switchboard.capacity.model.SampleFile;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.scheduling.sample.Samples;
import io.switchboard.scheduling.sample.Samples.Measured;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fits models to what tasks were seen to use, as soon as there is enough new: of an image over all tenants, and of a tenant
 * that has enough by itself. Nothing uses them until an operator puts them in force.
 */
final class Refits {

    private static final Logger log = LoggerFactory.getLogger(Refits.class);

    /** Who a fitted version says it was made by. */
    static final String LEARNED_BY = "learning";

    /** Samples older than this are minutes by then, or another day's load. */
    private static final Duration HISTORY = Duration.ofHours(48);

    private final Samples samples;
    private final ModelVersions versions;
    private final Fits fits;
    private final LearningProperties properties;
    private final String nodeClass;
    private final Clock clock;

    Refits(
            Samples samples,
            ModelVersions versions,
            Fits fits,
            LearningProperties properties,
            String nodeClass,
            Clock clock) {
        this.samples = samples;
        this.versions = versions;
        this.fits = fits;
        this.properties = properties;
        this.nodeClass = nodeClass;
        this.clock = clock;
    }

    private record Work(Kind kind, String image) {

        static Work of(Measured measured) {
            return new Work(new Kind(measured.service(), measured.mode()), measured.image());
        }
    }

    void round() {
        var since = clock.instant().minus(HISTORY);
        Map<Work, List<Measured>> byWork =
                samples.measuredSince(since).stream().collect(Collectors.groupingBy(Work::of));
        byWork.forEach((work, tenants) -> {
            long all = tenants.stream().mapToLong(Measured::samples).sum();
            fitIfEnough(work, null, since, all);
            if (tenants.size() > 1 && !work.image.isEmpty()) {
                tenants.stream()
                        .filter(one -> !one.tenant().isEmpty())
                        .forEach(one -> fitIfEnough(work, one.tenant(), since, one.samples()));
            }
        });
    }

    /** @param there how many samples there are since then */
    private void fitIfEnough(Work work, @Nullable String tenant, Instant since, long there) {
        if (there < properties.enough()) {
            return;
        }
        var scope = new Scope(work.kind, work.image, tenant == null ? "" : tenant, nodeClass);
        var last = versions.last(scope, LEARNED_BY).map(ModelVersion::createdAt).filter(since::isBefore);
        long fresh = last.map(at -> samples.count(work.kind.service(), work.kind.mode(), work.image, tenant, at))
                .orElse(there);
        if (fresh >= properties.enough()) {
            fit(scope, tenant, since);
        }
    }

    private void fit(Scope scope, @Nullable String tenant, Instant since) {
        var kind = scope.kind();
        var purpose = new Fits.Purpose(
                true,
                scope.image(),
                scope.tenant(),
                scope.nodeClass(),
                "samples of running tasks until " + clock.instant(),
                LEARNED_BY);
        try {
            var answer = fits.fit(
                    () -> read(samples.csv(kind.service(), kind.mode(), scope.image(), tenant, since)), purpose);
            answer.models()
                    .forEach(model -> log.info(
                            "capacity model {} is fitted to {} samples of {} ({}), image '{}'; an operator may put it in force",
                            model.version().map(String::valueOf).orElse("-"),
                            answer.rows(),
                            model.service(),
                            model.mode(),
                            scope.image()));
        } catch (Problem none) {
            log.debug("nothing is fitted for {}: {}", scope, none.detail());
        }
    }

    private static SampleFile read(String csv) {
        try {
            return SampleFile.read(new StringReader(csv));
        } catch (IOException e) {
            throw new UncheckedIOException("text in memory can be read", e);
        }
    }
}
