package io.switchboard.access;

import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.PutOption;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.route.Upstream;
import io.switchboard.access.testing.Confd;
import io.switchboard.access.testing.Etcd;
import io.switchboard.access.testing.HostileUpstreams;
import io.switchboard.access.testing.Routing;
import io.switchboard.access.testing.Task;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Whatever records hold, confd's templates make of them a file that HAProxy's check lets through, and confd puts it in place. */
@EnabledIfSystemProperty(named = "confd", matches = ".+")
class HostileConfdTests {

    /** Fewer than a transaction of etcd's may hold. */
    private static final int UPSTREAMS = 100;

    @TempDir
    private Path directory;

    @Test
    void whatComesInNeverBecomesASetting() throws Exception {
        var rendering = Files.createDirectory(directory.resolve("confd"));
        try (var task = new Task("one");
                var etcd = new Etcd(directory);
                var confd = new Confd(rendering, etcd.url());
                var client = Client.builder().endpoints(etcd.url()).build()) {
            var harmless = new Routing(80, new PortRange(1, 1))
                    .upstream(snapshot(newInstanceId(), "desk", 1, task.serving(State.READY)), Optional.empty());
            var hostile = new HostileUpstreams(1).accepted(UPSTREAMS);
            assertThat(hostile).hasSizeGreaterThan(UPSTREAMS / 30);

            // All or none: confd puts the file in place once HAProxy's check has seen them all.
            client.getKVClient()
                    .txn()
                    .Then(Stream.concat(hostile.stream(), Stream.of(harmless))
                            .map(HostileConfdTests::put)
                            .toArray(Op[]::new))
                    .commit()
                    .get(60, TimeUnit.SECONDS);

            var rendered = rendering.resolve("haproxy.cfg");
            await().untilAsserted(() -> assertThat(Files.readString(rendered))
                    .as(confd::state)
                    .contains(
                            harmless.instanceId().toString(),
                            hostile.getFirst().instanceId().toString())
                    .doesNotContain(HostileUpstreams.FRAGMENTS.stream()
                            .filter(fragment -> fragment.matches(".*[$%@(].*|.*1[.]2[.]3[.]4.*"))
                            .filter(fragment -> !fragment.equals("@1"))
                            .toList()));
        }
    }

    private static Op put(Upstream upstream) {
        return Op.put(
                bytes("/switchboard/v1/instances/" + upstream.instanceId()),
                bytes(JsonMapper.shared().writeValueAsString(upstream)),
                PutOption.DEFAULT);
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }
}
