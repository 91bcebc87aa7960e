package io.switchboard.bench;

import static io.switchboard.bench.Output.say;

import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.ordering.OrderKind;
import io.switchboard.contracts.ordering.OrderMessage;
import io.switchboard.contracts.scheduling.Consumption;
import io.switchboard.contracts.scheduling.PortSpec;
import io.switchboard.engine.Workload;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * A million tasks on ten thousand nodes, through the scheduler as it runs: orders from the broker, plans and deployments in
 * PostgreSQL, each task placed on a node, each snapshot published and acknowledged. Only the cluster is simulated.
 *
 * <p>An instance counts when its deployment is stored as steady. One, ten and a hundred per cent are declared one after
 * the other, so each share comes on top of the fleet there is.
 */
final class Fleet {

    private static final int TASKS_EACH = 50;
    private static final int NODE_CPU_MILLIS = 64_000;
    private static final int NODE_MEMORY_MIB = 256 << 10;
    private static final int LOSSES = 15;
    private static final int TOGETHER = 200;
    private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(15);

    private final Servers servers;
    private final FleetEngine engine;
    private final Clock clock;
    private final JsonMapper json = JsonMapper.shared();
    private int declared;

    private Fleet(Servers servers, FleetEngine engine, Clock clock) {
        this.servers = servers;
        this.engine = engine;
        this.clock = clock;
    }

    /**
     * @param tasks that run at the end
     * @param seconds from the first order to the last steady deployment
     * @param mostMib of this process and the database together
     * @param replanMillis from the loss of a node until the last of its tasks is replaced, stored and told; the median
     */
    record Result(long tasks, double seconds, long mostMib, double replanMillis) {}

    static Result run(Clock clock, int nodes, int tasks) throws Exception {
        var engine = new FleetEngine(clock, nodes, NODE_CPU_MILLIS, NODE_MEMORY_MIB);
        try (var servers = Servers.start(Optional.empty());
                var platform = new Platform(servers, new Tokens(clock));
                var memory = ResidentMemory.watch(servers.database())) {
            platform.startScheduler(engine);
            try (var balancer = new Balancer(servers.brokerUrl(), clock);
                    var database = servers.connect()) {
                var fleet = new Fleet(servers, engine, clock);
                double seconds = 0;
                for (int percent : new int[] {1, 10, 100}) {
                    seconds += fleet.grow(database, percent, tasks / TASKS_EACH * percent / 100);
                }
                var millis = fleet.loseNodes(database);
                return new Result(engine.tasks(), seconds, memory.mostMib(), millis);
            }
        }
    }

    private double grow(Connection database, int percent, int instances) throws Exception {
        var cpuBefore = CpuTime.now(servers.database());
        int more = instances - declared;
        long began = System.nanoTime();
        declare(more);
        while (steady(database) < instances) {
            if (System.nanoTime() - began > LIMIT_NANOS) {
                throw new IllegalStateException("only %d of %d are steady".formatted(steady(database), instances));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        say(
                "fleet %3d %%  %,9d tasks of %,6d instances: %,9d more in %6.2f s, %,7.0f tasks/s; %s for each instance",
                percent,
                engine.tasks(),
                instances,
                more * TASKS_EACH,
                seconds,
                more * TASKS_EACH / seconds,
                CpuTime.now(servers.database()).since(cpuBefore).perOrder(more));
        if (engine.tasks() != (long) instances * TASKS_EACH) {
            throw new IllegalStateException("the engine runs " + engine.tasks() + " tasks");
        }
        return seconds;
    }

    private void declare(int instances) throws JMSException {
        try (var broker = new ActiveMQConnectionFactory(servers.brokerUrl());
                var session = broker.createContext(JMSContext.SESSION_TRANSACTED)) {
            var producer = session.createProducer();
            var queue = session.createQueue(OrderMessage.QUEUE);
            for (int number = 0; number < instances; number++) {
                var order = order(declared++);
                var message = session.createTextMessage(json.writeValueAsString(order));
                message.setStringProperty("JMSXGroupID", order.instanceId().toString());
                producer.send(queue, message);
                if (number % TOGETHER == TOGETHER - 1) {
                    session.commit();
                }
            }
            session.commit();
        }
    }

    private OrderMessage order(int number) {
        var service = new OrderMessage.Service(
                "acd",
                "basic",
                TASKS_EACH,
                TASKS_EACH,
                0,
                "platform/acd",
                List.of(new PortSpec("http", PortSpec.Protocol.HTTP, 8080)),
                new Consumption(
                        List.of(new Consumption.Work("acd", "queue+bridge", 1)),
                        Optional.of(new Consumption.Base(200, 256)),
                        100,
                        "set by hand"),
                new LoadProfile(500, 15_000, 180),
                Map.of("queue", "support", "wrapUpSeconds", 15));
        return new OrderMessage(
                UUID.randomUUID(),
                OrderKind.OPEN,
                "bench" + number % 20,
                UUID.randomUUID(),
                String.format(Locale.ROOT, "o%08d", number),
                clock.instant(),
                Optional.of(service),
                Optional.empty(),
                Set.of());
    }

    private static long steady(Connection database) throws SQLException {
        return number(
                database, "select count(*) from scheduling.deployment where settled and status ->> 'state' = 'STEADY'");
    }

    private static long number(Connection database, String query) throws SQLException {
        try (var statement = database.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Loses one node after another and answers the median of the times. */
    private double loseNodes(Connection database) throws Exception {
        var cpuBefore = CpuTime.now(servers.database());
        var millis = new ArrayList<Double>();
        for (int loss = 0; loss < LOSSES; loss++) {
            millis.add(loseNode(database));
            while (number(database, "select count(*) from scheduling.deployment where not settled") > 0) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        say(
                "replan      cpu for each node: %s",
                CpuTime.now(servers.database()).since(cpuBefore).perOrder(LOSSES));
        say(
                "replan      %s ms",
                String.join(
                        ", ",
                        millis.stream()
                                .map(one -> String.format(Locale.ROOT, "%.0f", one))
                                .toList()));
        return millis.stream().sorted().skip(LOSSES / 2).findFirst().orElseThrow();
    }

    private double loseNode(Connection database) throws Exception {
        var host = engine.busiest();
        var workloads = engine.workloadsOn(host);
        var ids = workloads.stream()
                .map(engine::workload)
                .map(Workload::environment)
                .map(environment -> environment.get("SWITCHBOARD_INSTANCE_ID"))
                .toArray(String[]::new);
        long before = snapshots(database, ids);
        long began = System.nanoTime();
        engine.lose(host);
        // Each of them had one task there, so each gets one new snapshot.
        while (snapshots(database, ids) < before + ids.length) {
            if (System.nanoTime() - began > LIMIT_NANOS) {
                throw new IllegalStateException("the loss of node " + host + " is never noticed");
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
        double millis = (System.nanoTime() - began) / 1e6;
        check(database, host, workloads, ids);
        return millis;
    }

    private static long snapshots(Connection database, String... ids) throws SQLException {
        try (var query = database.prepareStatement(
                "select sum(snapshot_sequence) from scheduling.deployment where instance_id = any (?::uuid[])")) {
            query.setArray(1, database.createArrayOf("text", ids));
            try (var rows = query.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    private void check(Connection database, String host, Set<String> workloads, String... ids) throws SQLException {
        for (var workload : workloads) {
            if (engine.tasks(workload).size() != TASKS_EACH) {
                throw new IllegalStateException(workload + " lacks tasks");
            }
        }
        try (var query = database.prepareStatement("""
                select count(*)
                from scheduling.deployment
                where instance_id = any (?::uuid[])
                  and published @> jsonb_build_array(jsonb_build_object('host', ?))
                """)) {
            query.setArray(1, database.createArrayOf("text", ids));
            query.setString(2, host);
            try (var rows = query.executeQuery()) {
                rows.next();
                if (rows.getLong(1) > 0) {
                    throw new IllegalStateException("tasks of node " + host + " are still published");
                }
            }
        }
    }
}
