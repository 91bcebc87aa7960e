package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a change costs: each request to ZooKeeper is one more answer to wait for. */
class RoundTripsTests {

    private static final int MOST_ROUNDS = 90;

    private final Center center = Center.get();
    private final AtomicInteger namespaces = new AtomicInteger();
    private final AtomicInteger next = new AtomicInteger();
    private Desk desk = new Desk(center, "unnamed");

    RoundTripsTests() throws Exception {}

    @BeforeEach
    void nextApplication() throws Exception {
        desk = Desk.next("trips");
    }

    @Test
    void aChangeIsReadAndWrittenOnceAndItsReleaseOnlyWritten() throws Exception {
        desk.release(Map.of("routing.attempts", "0"));

        assertCosts(3, () -> "application", Map.of());
    }

    @Test
    void whatIsInheritedIsReadOnceForAllParents() throws Exception {
        Map<String, @Nullable String> inherits = Map.of("switchboard.inherits", twoParents());
        desk.release(inherits);

        assertCosts(4, () -> "application", inherits);
    }

    @Test
    void parentsAreToldOfAnHeirInOneStep() throws Exception {
        Map<String, @Nullable String> inherits = Map.of("switchboard.inherits", twoParents());

        assertCosts(6, this::anotherNamespace, inherits);
    }

    private String twoParents() throws Exception {
        Desk shared = Desk.next("trips");
        release(shared, "application", Map.of("switchboard.shared", "*", "greeting", "Hello"));
        release(shared, "other", Map.of("switchboard.shared", "*", "farewell", "Bye"));
        return shared.application() + "/application," + shared.application() + "/other";
    }

    private String anotherNamespace() throws Exception {
        String namespace = "heir-" + namespaces.incrementAndGet();
        release(desk, namespace, Map.of("switchboard.inherits", ""));
        return namespace;
    }

    private static void release(Desk desk, String namespace, Map<String, @Nullable String> items) throws Exception {
        String path = desk.stage() + "/" + namespace;
        long revision = desk.edit(path, ACME, items);
        assertThat(desk.center()
                        .post(path + "/releases", ACME, "{\"revision\":" + revision + "}")
                        .status())
                .isEqualTo(201);
    }

    @FunctionalInterface
    private interface Namespace {
        String name() throws Exception;
    }

    /** The center looks after other things meanwhile, so that the cheapest of many counts, and none may be cheaper. */
    private void assertCosts(long requests, Namespace namespace, Map<String, @Nullable String> items) throws Exception {
        long cheapest = Long.MAX_VALUE;
        for (int round = 0; round < MOST_ROUNDS && cheapest > requests; round++) {
            String name = namespace.name();
            Map<String, @Nullable String> changed = new HashMap<>(items);
            changed.put("routing.attempts", String.valueOf(next.incrementAndGet()));
            long before = center.relay().requests();
            release(desk, name, changed);
            cheapest = Math.min(cheapest, center.relay().requests() - before);
        }
        assertThat(cheapest).isEqualTo(requests);
    }
}
