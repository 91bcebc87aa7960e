package io.switchboard.access.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** etcd with strings for keys and values, and an end to every wait. */
final class EtcdStore implements AutoCloseable {

    /** All records are read at once; the usual 4 MiB would end at some seven thousand instances. */
    private static final int LARGEST_ANSWER = 256 << 20;

    private static final int USUAL_PORT = 2379;
    private static final int REACHED_WITHIN_MILLIS = 500;

    private final EtcdProperties properties;
    private final Duration timeout;
    private volatile Client client;

    EtcdStore(EtcdProperties properties) {
        this.properties = properties;
        this.timeout = properties.timeout();
        this.client = connected(properties);
    }

    private static Client connected(EtcdProperties properties) {
        var timeout = properties.timeout();
        var builder = Client.builder()
                .endpoints(properties.endpoints().toArray(String[]::new))
                .waitForReady(true)
                .retryMaxDuration(timeout)
                .maxInboundMessageSize(LARGEST_ANSWER)
                .connectTimeout(timeout)
                .keepaliveTime(Duration.ofSeconds(10))
                .keepaliveTimeout(Duration.ofSeconds(5));
        if (!properties.username().isEmpty()) {
            builder.user(bytes(properties.username())).password(bytes(properties.password()));
        }
        if (properties.secure()) {
            secure(builder, properties.tls());
        }
        return builder.build();
    }

    /** Whether any member takes connections, which says nothing of whether it has answers. */
    boolean reachable() {
        return properties.endpoints().stream().map(URI::create).anyMatch(EtcdStore::reachable);
    }

    private static boolean reachable(URI member) {
        try (var socket = new Socket()) {
            int port = member.getPort() < 0 ? USUAL_PORT : member.getPort();
            socket.connect(new InetSocketAddress(member.getHost(), port), REACHED_WITHIN_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Connects anew; who waits for an answer fails, and watches end. The client by itself waits longer between its attempts the
     * longer nobody answers, up to two minutes (gRPC's connection backoff), and can't be told not to.
     */
    void renew() {
        var before = client;
        client = connected(properties);
        before.close();
    }

    private static void secure(ClientBuilder builder, EtcdProperties.Tls files) {
        try {
            builder.sslContext(context -> {
                if (files.ca() != null) {
                    context.trustManager(files.ca().toFile());
                }
                if (files.certificate() != null && files.key() != null) {
                    context.keyManager(files.certificate().toFile(), files.key().toFile());
                }
            });
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalStateException("access.etcd.tls can't be used: " + e.getMessage(), e);
        }
    }

    /** @param revision of the store as a whole when it answered */
    record Listing(long revision, List<Entry> entries) {}

    /** @param revision of the last change of this key */
    record Entry(String key, String value, long revision) {

        private static Entry of(KeyValue each) {
            return new Entry(each.getKey().toString(UTF_8), each.getValue().toString(UTF_8), each.getModRevision());
        }
    }

    Optional<Entry> get(String key) {
        return await(client.getKVClient().get(bytes(key))).getKvs().stream()
                .map(Entry::of)
                .findFirst();
    }

    Listing list(String prefix) {
        return listing(await(client.getKVClient().get(bytes(prefix), prefixed())));
    }

    /** What lies under each prefix, all read at one revision. */
    List<Listing> listAll(Collection<String> prefixes) {
        var reads = prefixes.stream()
                .map(prefix -> Op.get(bytes(prefix), prefixed()))
                .toArray(Op[]::new);
        return await(client.getKVClient().txn().Then(reads).commit()).getGetResponses().stream()
                .map(EtcdStore::listing)
                .toList();
    }

    /** @return whether the conditions held and the changes were made, all or none */
    boolean commit(List<Cmp> conditions, List<Op> changes) {
        return committed(conditions, changes).isPresent();
    }

    /** @return the revision of the changes; empty if the conditions didn't hold, and nothing was changed */
    OptionalLong committed(List<Cmp> conditions, List<Op> changes) {
        var response = await(client.getKVClient()
                .txn()
                .If(conditions.toArray(Cmp[]::new))
                .Then(changes.toArray(Op[]::new))
                .commit());
        return response.isSucceeded() ? OptionalLong.of(response.getHeader().getRevision()) : OptionalLong.empty();
    }

    static Cmp unchanged(String key, long revision) {
        return new Cmp(bytes(key), Cmp.Op.EQUAL, CmpTarget.modRevision(revision));
    }

    static Cmp absent(String key) {
        return unchanged(key, 0);
    }

    static Op put(String key, String value) {
        return Op.put(bytes(key), bytes(value), PutOption.DEFAULT);
    }

    static Op put(String key, String value, long lease) {
        return Op.put(
                bytes(key), bytes(value), PutOption.builder().withLeaseId(lease).build());
    }

    static Op delete(String key) {
        return Op.delete(bytes(key), DeleteOption.DEFAULT);
    }

    static Op deleteAll(String prefix) {
        return Op.delete(bytes(prefix), DeleteOption.builder().isPrefix(true).build());
    }

    long grant(Duration ttl) {
        return await(client.getLeaseClient().grant(ttl.toSeconds())).getID();
    }

    /** @return false if the lease is gone */
    boolean keepAlive(long lease) {
        try {
            return await(client.getLeaseClient().keepAliveOnce(lease)).getTTL() > 0;
        } catch (RegistryUnavailable e) {
            if (leaseNotFound(e)) {
                return false;
            }
            throw e;
        }
    }

    static boolean leaseNotFound(RegistryUnavailable answer) {
        return String.valueOf(answer.getMessage()).contains("lease not found");
    }

    /** Whether nobody answered, as opposed to an answer that says no. */
    static boolean silent(RegistryUnavailable answer) {
        return answer.getCause() instanceof TimeoutException;
    }

    /** A member that the others left behind ends the watch, instead of having nothing to tell. */
    Watch.Watcher watch(String prefix, long fromRevision, Watch.Listener listener) {
        return client.getWatchClient()
                .watch(
                        bytes(prefix),
                        WatchOption.builder()
                                .isPrefix(true)
                                .withRevision(fromRevision)
                                .withRequireLeader(true)
                                .build(),
                        listener);
    }

    @Override
    public void close() {
        client.close();
    }

    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }

    private static GetOption prefixed() {
        return GetOption.builder().isPrefix(true).build();
    }

    private static Listing listing(GetResponse response) {
        return new Listing(
                response.getHeader().getRevision(),
                response.getKvs().stream().map(Entry::of).toList());
    }

    private <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new RegistryUnavailable("etcd refused or failed: " + e.getCause(), e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new RegistryUnavailable("etcd gave no answer within " + timeout, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryUnavailable("interrupted while waiting for etcd", e);
        }
    }
}
