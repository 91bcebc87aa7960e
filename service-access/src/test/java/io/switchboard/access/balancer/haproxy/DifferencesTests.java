package io.switchboard.access.balancer.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.access.endpoint.Drift.Difference;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DifferencesTests {

    @Test
    void whatWasChangedDuringTheLookIsNoDriftHoweverItWasFound() {
        var before = hosts(Map.of("desk", "h0000"));
        var after = hosts(Map.of("desk", "h0000", "trunk", "h0001"));

        assertThat(Differences.inBoth(before, after, before)).isEmpty();
        assertThat(Differences.inBoth(before, after, after)).isEmpty();
        assertThat(Differences.inBoth(after, before, after)).isEmpty();
    }

    @Test
    void whatNobodyChangedIsDriftAlsoBesideChanges() {
        var before = hosts(Map.of("desk", "h0000"));
        var after = hosts(Map.of("desk", "h0000", "trunk", "h0001"));

        assertThat(Differences.inBoth(before, after, hosts(Map.of("trunk", "h0001"))))
                .containsExactly(new Difference("host desk", "h0000", ""));
    }

    private static Layout hosts(Map<String, String> hosts) {
        return new Layout(Map.of(), hosts, Map.of(), Map.of());
    }
}
