package io.switchboard.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.switchboard.standalone.embedded.EtcdProcess;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** Writes services into etcd, as a registrar elsewhere does. */
final class AccessRecords implements AutoCloseable {

    private static final String ROOT = "/switchboard/v1/";
    private static final String INSTANCES = ROOT + "instances/";
    private static final String ENDPOINTS = ROOT + "endpoints/acme/";
    /** Services of up to five keys each, below what etcd takes in one transaction. */
    private static final int BATCH = 20;

    /** No part of the benchmark takes longer. */
    private static final long LEASE_SECONDS = 3_600;

    private final Client client;
    private final JsonMapper json = JsonMapper.shared();
    private final Clock clock;
    private final long lease;
    /** Endpoints that are vouched for, by key, of each service. */
    private final Map<UUID, Map<String, String>> vouched = new HashMap<>();

    AccessRecords(String endpoint, String password, Clock clock) {
        this.client = Client.builder()
                .endpoints(endpoint)
                .user(bytes(EtcdProcess.USER))
                .password(bytes(password))
                .build();
        this.clock = clock;
        this.lease = client.getLeaseClient().grant(LEASE_SECONDS).join().getID();
    }

    /** Nothing else is in etcd afterwards. */
    void reset(List<AccessService> services) {
        client.getKVClient()
                .delete(bytes(ROOT), DeleteOption.builder().isPrefix(true).build())
                .join();
        vouched.clear();
        for (int from = 0; from < services.size(); from += BATCH) {
            commit(services.subList(from, Math.min(services.size(), from + BATCH)).stream()
                            .flatMap(this::changes))
                    .join();
        }
    }

    /** Sends the record, and that its endpoints are vouched for, and returns at once. */
    CompletableFuture<?> put(AccessService service) {
        return commit(changes(service));
    }

    private CompletableFuture<?> commit(Stream<Op> changes) {
        return client.getKVClient().txn().Then(changes.toArray(Op[]::new)).commit();
    }

    private Stream<Op> changes(AccessService service) {
        var upstream = service.upstream(clock.instant());
        Map<String, String> endpoints = new HashMap<>();
        upstream.endpoints()
                .forEach(endpoint -> endpoints.put(
                        ENDPOINTS + service.id() + "/" + endpoint.port() + "/" + endpoint.taskId(),
                        json.writeValueAsString(endpoint)));
        var before = Objects.requireNonNullElse(vouched.put(service.id(), endpoints), Map.<String, String>of());
        var held = PutOption.builder().withLeaseId(lease).build();
        return Stream.of(
                        Stream.of(Op.put(
                                bytes(INSTANCES + service.id()),
                                bytes(json.writeValueAsString(upstream)),
                                PutOption.DEFAULT)),
                        endpoints.entrySet().stream()
                                .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
                                .map(entry -> Op.put(bytes(entry.getKey()), bytes(entry.getValue()), held)),
                        before.keySet().stream()
                                .filter(key -> !endpoints.containsKey(key))
                                .map(key -> Op.delete(bytes(key), DeleteOption.DEFAULT)))
                .flatMap(ops -> ops);
    }

    /** @param changed gets every record that is written from now on */
    Watch.Watcher watch(Consumer<String> changed) {
        return client.getWatchClient()
                .watch(
                        bytes(INSTANCES),
                        WatchOption.builder().isPrefix(true).build(),
                        response -> response.getEvents()
                                .forEach(event -> changed.accept(
                                        event.getKeyValue().getValue().toString(UTF_8))));
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }

    @Override
    public void close() {
        client.close();
    }
}
