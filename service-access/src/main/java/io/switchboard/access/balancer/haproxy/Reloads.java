package io.switchboard.access.balancer.haproxy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.access.balancer.BalancerUnavailable;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has HAProxy take what its files say. It hands its sockets over to a new worker, so that no connection is refused meanwhile. */
final class Reloads {

    private static final Logger log = LoggerFactory.getLogger(Reloads.class);

    /** With thousands of backends, on a machine that has much else to do. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RuntimeApi api;
    private final HaproxyProgram program;
    private final Counter reloads;

    Reloads(RuntimeApi api, HaproxyProgram program, MeterRegistry meters) {
        this.api = api;
        this.program = program;
        this.reloads = Counter.builder("access.reloads")
                .description("times HAProxy was reloaded")
                .register(meters);
    }

    /** @throws BalancerUnavailable if it doesn't take them; it goes on as before then */
    void reload(ConfigFile config) {
        program.check(config);
        var before =
                RuntimeApi.info(api.send(config.adminSocket(), "show info")).getOrDefault("Pid", "");
        if (ReloadAnswer.of(api.lastLine(config.masterSocket(), "reload", PATIENCE))
                instanceof ReloadAnswer.Failed(String why)) {
            throw new BalancerUnavailable("HAProxy refused its new configuration and goes on as before: " + why, null);
        }
        awaitNewWorker(config, before);
        reloads.increment();
        log.info(
                "HAProxy was reloaded; it has room for {} HTTP and {} TCP routes",
                config.pool().http(),
                config.pool().tcp());
    }

    /** @throws BalancerUnavailable if it doesn't answer in time */
    void awaitStart(ConfigFile config) {
        awaitNewWorker(config, "");
    }

    /** Polls, because HAProxy 2.6 doesn't tell when a reload is done; later ones do, but not when their sockets answer. */
    private void awaitNewWorker(ConfigFile config, String oldPid) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                var info = RuntimeApi.info(api.send(config.adminSocket(), "show info"));
                boolean taken =
                        !oldPid.equals(info.get("Pid")) && config.fingerprint().equals(info.get("description"));
                // The master listens later than its worker, and is needed for the next reload.
                if (taken && RuntimeApi.accepts(config.masterSocket())) {
                    return;
                }
            } catch (BalancerUnavailable e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
            if (System.nanoTime() > end) {
                throw new BalancerUnavailable("HAProxy hasn't taken its new configuration", null);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BalancerUnavailable("interrupted while HAProxy was starting", e);
            }
        }
    }
}
