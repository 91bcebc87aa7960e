package io.switchboard.config.namespace;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Heirs that can't have what was published until somebody does something about it, as this center found; the log names each
 * once per cause, and the gauge {@code switchboard.config.heirs.waiting} counts them.
 */
@Component
class WaitingHeirs implements MeterBinder {

    private static final Logger log = LoggerFactory.getLogger(WaitingHeirs.class);

    private final Map<NamespacePath, Cause> waiting = new ConcurrentHashMap<>();

    /** @param detail may read another way each time, as sizes in it do */
    private record Cause(String code, String detail) {}

    void begin(NamespacePath heir, Problem problem) {
        var cause = new Cause(problem.code().name(), problem.detail());
        if (isNew(heir, cause)) {
            log.warn("heir can't have what was published: namespace={} code={} {}", heir, cause.code(), cause.detail());
        }
    }

    void begin(NamespacePath heir, RuntimeException defect) {
        var cause = new Cause(RequestProblem.DEFECT.name(), "It failed; the config center's log says how.");
        if (isNew(heir, cause)) {
            log.warn("heir can't have what was published: namespace={}", heir, defect);
        }
    }

    private boolean isNew(NamespacePath heir, Cause cause) {
        Cause before = waiting.put(heir, cause);
        return before == null || !before.code().equals(cause.code());
    }

    /** It has what was published, or inherits it no longer. */
    void end(NamespacePath heir) {
        if (waiting.remove(heir) != null) {
            log.info("heir no longer waits for what was published: namespace={}", heir);
        }
    }

    List<NamespacePath> all() {
        return List.copyOf(waiting.keySet());
    }

    /** Why it waits; empty if it doesn't. */
    Optional<String> problem(NamespacePath heir) {
        return Optional.ofNullable(waiting.get(heir)).map(Cause::detail);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("switchboard.config.heirs.waiting", waiting, Map::size)
                .description("Namespaces that can't have what was published in one that they inherit")
                .register(registry);
    }
}
