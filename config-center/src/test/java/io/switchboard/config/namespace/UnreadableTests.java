package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.config.credential.Keyring;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.namespace.Center.Answer;
import io.switchboard.configprotocol.NamespacePath;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Nodes that hold what no config center wrote there. */
class UnreadableTests {

    private static final byte[] DAMAGED = "not ours".getBytes(StandardCharsets.US_ASCII);

    private final Center center = Center.get();

    UnreadableTests() throws Exception {}

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void whoeverNeedsItIsToldWhichNodeItIs(String what, Function<NamespacePath, String> node, String asked)
            throws Exception {
        Desk desk = Desk.next("unreadable");
        var path = new NamespacePath("acme", desk.application(), "s-" + desk.application(), "application");
        String namespace = "/api/v1/config/" + path.application() + "/" + path.stage() + "/application";
        long revision = desk.edit(namespace, ACME, Map.of("a", "1"));
        center.post(namespace + "/releases", ACME, "{\"revision\":" + revision + "}");
        center.bean(Ensemble.class)
                .ask(zookeeper ->
                        zookeeper.create().orSetData().creatingParentsIfNeeded().forPath(node.apply(path), DAMAGED));

        Answer answer =
                center.get(asked.replace("APPLICATION", path.application()).replace("STAGE", path.stage()), ACME);

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(409);
        assertThat(answer.code()).isEqualTo("UNREADABLE_DOCUMENT");
        assertThat(answer.body().get("detail").asString())
                .contains(node.apply(path))
                .doesNotContain("not ours");
    }

    static Stream<Arguments> whoeverNeedsItIsToldWhichNodeItIs() {
        String namespace = "/api/v1/config/APPLICATION/STAGE/application";
        return Stream.of(
                unreadable("the pointer", NamespacePath::current, namespace),
                unreadable("a draft", NamespacePath::draft, namespace),
                unreadable("a canary", NamespacePath::canary, namespace),
                unreadable("a release", path -> path.release(1), namespace + "/releases"),
                unreadable("rules", StageRules::node, namespace),
                unreadable("freezes", Freezes::node, "/api/v1/config-freezes/STAGE"),
                unreadable("reader keys", Keyring::node, namespace),
                unreadable("schedules", Schedule::node, "/api/v1/config-schedules/APPLICATION/STAGE"),
                unreadable("canaries", CanaryLog::node, "/api/v1/config-canaries/APPLICATION/STAGE"));
    }

    private static Arguments unreadable(String what, Function<NamespacePath, String> node, String asked) {
        return Arguments.of(what, node, asked);
    }
}
