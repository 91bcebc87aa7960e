package io.switchboard.config.audit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Documents.Stored;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.ensemble.UnreadableDocument;
import io.switchboard.contracts.config.AuditApi.Outcome;
import io.switchboard.contracts.problem.Problem;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Entries of what the center does by itself. Nobody waits for it who could be refused, and a key must end and a canary be taken back also
 * while the database is away. So the step that has the effect leaves a node, and whichever center sees it first brings it to the table. No
 * effect is without its entry, and of centers that want the same thing only the one that does it has one. That is so where all of them have
 * the database, as they should.
 */
@Component
public class OwnActs {

    /** Who it says it was; such an entry names no request. */
    public static final String ACTOR = "config-center";

    private static final Logger log = LoggerFactory.getLogger(OwnActs.class);

    private static final String ROOT = Documents.ROOT + "/acts";
    private static final String NO_REQUEST = "-";
    private static final int AT_ONCE = 500;

    private final Ensemble ensemble;
    private final Documents documents;
    private final AuditTable table;
    private final Clock clock;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Set<String> unreadable = ConcurrentHashMap.newKeySet();

    OwnActs(Ensemble ensemble, Documents documents, AuditTable table, Clock clock, MeterRegistry meters) {
        this.ensemble = ensemble;
        this.documents = documents;
        this.table = table;
        this.clock = clock;
        Gauge.builder("switchboard.config.audit.own.waiting", waiting, AtomicInteger::get)
                .description("what a config center did by itself, and is not written to the database of the audit yet")
                .register(meters);
    }

    /** For the transaction that has the effect; none if no audit is kept. */
    public List<CuratorOp> steps(CuratorFramework zookeeper, Collection<OwnAct> acts) throws Exception {
        if (!table.isPresent()) {
            return List.of();
        }
        List<CuratorOp> steps = new ArrayList<>();
        for (OwnAct act : acts) {
            steps.add(documents.step(zookeeper, node(Name.next(clock)), Optional.empty(), act));
        }
        return steps;
    }

    /** In the order of their times; the rest keeps two of the same time apart, also for the table. */
    private record Name(Instant at, String text) {

        static String next(Clock clock) {
            return clock.millis() + "~" + UUID.randomUUID();
        }

        /** Empty for what is none of ours. */
        static Optional<Name> parse(String text) {
            try {
                return Optional.of(
                        new Name(Instant.ofEpochMilli(Long.parseLong(text.substring(0, text.indexOf('~')))), text));
            } catch (NumberFormatException | IndexOutOfBoundsException e) {
                return Optional.empty();
            }
        }
    }

    private static String node(String name) {
        return ROOT + "/" + name;
    }

    /** One whole entry. */
    record Entry(String name, Call call, Outcome outcome, Optional<String> code) {

        private static Entry of(Name name, OwnAct act) {
            var call = new Call(
                    name.at(),
                    act.tenant(),
                    false,
                    ACTOR,
                    null,
                    NO_REQUEST,
                    act.action(),
                    act.application(),
                    act.stage(),
                    act.namespace(),
                    act.object());
            Optional<String> code = Optional.ofNullable(act.code());
            return new Entry(name.text(), call, code.isPresent() ? Outcome.REFUSED : Outcome.DONE, code);
        }
    }

    /** Each center does. What another one brought meanwhile is there once all the same. */
    @Scheduled(fixedDelayString = "PT1S")
    void bring() {
        // Without an ensemble there is nothing to wait for.
        if (!table.isPresent() || !ensemble.connected()) {
            return;
        }
        try {
            List<String> there = ensemble.children(ROOT);
            unreadable.retainAll(there);
            List<Name> left = there.stream()
                    .flatMap(text -> Name.parse(text).stream())
                    .sorted((one, other) -> one.text().compareTo(other.text()))
                    .toList();
            waiting.set(left.size());
            for (int from = 0; from < left.size(); from += AT_ONCE) {
                bring(left.subList(from, Math.min(left.size(), from + AT_ONCE)));
            }
            waiting.set(unreadable.size());
        } catch (Problem unavailable) {
            log.debug("what this center did by itself is written later: {}", unavailable.detail());
        }
    }

    private void bring(List<Name> names) {
        List<Entry> entries =
                names.stream().flatMap(name -> entry(name).stream()).toList();
        if (!entries.isEmpty()) {
            table.addOwn(entries);
            // Only now: whoever ends in between leaves it to be brought once more.
            entries.forEach(entry -> delete(entry.name()));
        }
    }

    /** Empty if another center has brought it. One that can't be read stays, and keeps no other one waiting. */
    private Optional<Entry> entry(Name name) {
        try {
            return documents
                    .read(node(name.text()), OwnAct.class)
                    .map(Stored::value)
                    .map(act -> Entry.of(name, act));
        } catch (UnreadableDocument e) {
            if (unreadable.add(name.text())) {
                log.warn("not written to the audit: {}", e.getMessage());
            }
            return Optional.empty();
        } catch (KeeperException e) {
            throw defect(e);
        }
    }

    private void delete(String name) {
        try {
            documents.delete(node(name));
        } catch (KeeperException e) {
            throw defect(e);
        }
    }

    private static IllegalStateException defect(KeeperException e) {
        return new IllegalStateException("ZooKeeper answered " + e.code() + " for entries of the audit", e);
    }
}
