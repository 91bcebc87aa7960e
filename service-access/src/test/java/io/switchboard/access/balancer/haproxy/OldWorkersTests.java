package io.switchboard.access.balancer.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OldWorkersTests {

    /** As HAProxy 2.6 answers {@code show proc}. */
    private static final String PROCESSES = """
            #<PID>          <type>          <reloads>       <uptime>        <version>
            11902           master          2 [failed: 1]   0d00h00m17s     2.6.12-1+deb12u4
            # workers
            12107           worker          1               0d00h00m14s     2.6.12-1+deb12u4
            # old workers
            11905           worker          2               0d00h00m17s     2.6.12-1+deb12u4
            11911           worker          2               0d01h00m17s     2.6.12-1+deb12u4
            # programs

            """;

    @Test
    void onlyOldOnesAreCounted() {
        assertThat(OldWorkers.pids(PROCESSES)).containsExactly("11905", "11911");
    }

    @Test
    void thereMayBeNone() {
        assertThat(OldWorkers.pids(PROCESSES.replaceAll("(?s)# old workers.*", "# programs\n")))
                .isEmpty();
        assertThat(OldWorkers.pids("")).isEmpty();
    }
}
