package io.switchboard.engine.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.switchboard.engine.PortRange;
import io.switchboard.engine.supervision.StartFailed;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreePortsTests {

    @Test
    void neverGivesAPortTwice() throws StartFailed {
        FreePorts ports = new FreePorts(new PortRange(20000, 20999));

        assertThat(ports.take(200)).doesNotHaveDuplicates().doesNotContainAnyElementsOf(ports.take(200));
    }

    @Test
    void leavesOutWhatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            FreePorts ports = new FreePorts(new PortRange(taken.getLocalPort(), taken.getLocalPort()));

            assertThatExceptionOfType(StartFailed.class)
                    .isThrownBy(() -> ports.take(1))
                    .withMessageContaining("no 1 free ports");
        }
    }

    @Test
    void aReleasedPortIsFreeAgain() throws StartFailed {
        FreePorts ports = new FreePorts(new PortRange(20500, 20501));
        List<Integer> both = ports.take(2);

        ports.release(both);

        assertThat(ports.take(2)).containsExactlyInAnyOrderElementsOf(both);
    }

    @Test
    void rangesAreReadAndChecked() {
        assertThat(PortRange.of("20000-29999")).isEqualTo(new PortRange(20000, 29999));
        assertThatIllegalArgumentException().isThrownBy(() -> PortRange.of("20000"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PortRange.of("3-2"))
                .withMessageContaining("3-2");
    }
}
