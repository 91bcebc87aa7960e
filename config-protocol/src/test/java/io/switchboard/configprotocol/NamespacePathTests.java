package io.switchboard.configprotocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamespacePathTests {

    private static final NamespacePath DESK = new NamespacePath("acme", "desk", "prod", "application");

    @Test
    void nodesLieBelowTheNamespace() {
        assertThat(DESK.node()).isEqualTo("/switchboard/config/acme/desk/prod/application");
        assertThat(DESK.draft()).isEqualTo(DESK.node() + "/draft");
        assertThat(DESK.release(12)).isEqualTo(DESK.node() + "/releases/12");
        assertThat(DESK.current()).isEqualTo(DESK.node() + "/current");
        assertThat(DESK.client("node1:4711")).isEqualTo(DESK.node() + "/clients/node1:4711");
    }

    @Test
    void aClientCanNotLeaveItsFolder() {
        assertThat(DESK.client("../../current")).isEqualTo(DESK.clients() + "/..-..-current");
        assertThat(DESK.client("..")).isEqualTo(DESK.clients() + "/-");
        assertThat(DESK.client("a/b\u0000c")).isEqualTo(DESK.clients() + "/a-b-c");
    }

    @Test
    void isReadBackFromItsText() {
        assertThat(NamespacePath.parse(DESK.toString())).isEqualTo(DESK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"routing", "shared.routing", "a", "a1.b2-c3"})
    void namespacesMayHaveDots(String namespace) {
        assertThat(new NamespacePath("acme", "desk", "prod", namespace).namespace())
                .isEqualTo(namespace);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "a..b", "a.", ".a", "a-", "-a", "1a", "A", "a/b", "a b", "ä", "a\nb", "a.-b"})
    void whatIsNoNameIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NamespacePath("acme", "desk", "prod", name))
                .withMessageContaining("namespace");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NamespacePath("acme", name, "prod", "application"))
                .withMessageContaining("application");
    }

    @Test
    void lengthsAreBounded() {
        assertThat(new NamespacePath("a".repeat(31), "b".repeat(63), "c".repeat(63), "d".repeat(63)))
                .isNotNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NamespacePath("a".repeat(32), "b", "c", "d"))
                .withMessageContaining("31");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NamespacePath("a", "b", "c", "d".repeat(64)))
                .withMessageContaining("63");
    }
}
