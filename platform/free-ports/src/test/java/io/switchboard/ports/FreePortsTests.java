package io.switchboard.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortsTests {

    @Test
    void noPortIsGivenTwice() {
        var ports = new HashSet<Integer>();
        for (int i = 0; i < 200; i++) {
            assertThat(ports.add(FreePorts.next())).isTrue();
        }
    }

    @Test
    void aRowIsFreeAsAWholeAndCanBeListenedOn() throws IOException {
        int first = FreePorts.next(20);

        for (int port = first; port < first + 20; port++) {
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        }
    }

    @Test
    void anotherProcessGetsOthersWhileThisOneLives() throws Exception {
        var ours = new HashSet<Integer>();
        IntStream.range(0, 3_000).forEach(i -> ours.add(FreePorts.next()));

        var other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName())
                .redirectErrorStream(true)
                .start();

        try (var output = other.inputReader()) {
            assertThat(output.lines().map(Integer::valueOf)).hasSize(3_000).doesNotContainAnyElementsOf(ours);
        }
        assertThat(other.waitFor()).isZero();
    }

    @Test
    void moreThanThereAreIsRefused() {
        FreePorts.next();

        assertThatThrownBy(() -> FreePorts.next(10_000))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no 10000 free ports in a row");
    }

    static final class Other {

        public static void main(String[] args) {
            IntStream.range(0, 3_000).forEach(i -> System.out.println(FreePorts.next()));
        }
    }
}
