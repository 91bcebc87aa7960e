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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/** Writes services into etcd, as a registrar elsewhere does. */
final class AccessRecords implements AutoCloseable {

    private static final String ROOT = "/switchboard/v1/";
    private static final String INSTANCES = ROOT + "instances/";
    /** Below what etcd takes in one transaction. */
    private static final int BATCH = 100;

    private final Client client;
    private final JsonMapper json = JsonMapper.shared();
    private final Clock clock;

    AccessRecords(String endpoint, String password, Clock clock) {
        this.client = Client.builder()
                .endpoints(endpoint)
                .user(bytes(EtcdProcess.USER))
                .password(bytes(password))
                .build();
        this.clock = clock;
    }

    /** Nothing else is in etcd afterwards. */
    void reset(List<AccessService> services) {
        client.getKVClient()
                .delete(bytes(ROOT), DeleteOption.builder().isPrefix(true).build())
                .join();
        for (int from = 0; from < services.size(); from += BATCH) {
            var puts = services.subList(from, Math.min(services.size(), from + BATCH)).stream()
                    .map(service -> Op.put(key(service), value(service), PutOption.DEFAULT))
                    .toArray(Op[]::new);
            client.getKVClient().txn().Then(puts).commit().join();
        }
    }

    /** Sends the record and returns at once. */
    CompletableFuture<?> put(AccessService service) {
        return client.getKVClient().put(key(service), value(service));
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

    private static ByteSequence key(AccessService service) {
        return bytes(INSTANCES + service.id());
    }

    private ByteSequence value(AccessService service) {
        return bytes(json.writeValueAsString(service.upstream(clock.instant())));
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }

    @Override
    public void close() {
        client.close();
    }
}
