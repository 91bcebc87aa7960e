package io.switchboard.access.balancer.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShardsTests {

    private final Random random = new Random(7);

    @Test
    void whatIsMadeOfAnotherIsAsAMapThatWasChanged() {
        Map<String, Integer> plain = new HashMap<>();
        var shards = Shards.of(plain);
        for (int change = 0; change < 300; change++) {
            var before = shards;
            var was = Map.copyOf(plain);
            var gone = Set.of(key());
            var put = Map.of(key(), change);
            shards = shards.with(gone, put);
            plain.keySet().removeAll(gone);
            plain.putAll(put);

            assertThat(shards).isEqualTo(plain).isEqualTo(Shards.of(plain)).hasSameSizeAs(plain);
            assertThat(shards.hashCode()).isEqualTo(plain.hashCode());
            assertThat(before).isEqualTo(was);
        }
    }

    @Test
    void aBackendIsLedToAsLongAsAnyPlaceDoes() {
        Map<String, String> plain = new HashMap<>();
        var leads = Leads.of(plain);
        for (int change = 0; change < 300; change++) {
            Map<String, String> before = new HashMap<>();
            Map<String, String> after = new HashMap<>();
            for (int place = 0; place < 3; place++) {
                var key = key();
                if (plain.containsKey(key)) {
                    before.put(key, plain.get(key));
                }
                if (random.nextBoolean()) {
                    after.put(key, "h" + random.nextInt(10));
                }
            }
            leads = leads.with(before, after);
            plain.keySet().removeAll(before.keySet());
            plain.putAll(after);

            assertThat(leads).isEqualTo(plain);
            assertThat(leads.backends()).isEqualTo(new HashSet<>(plain.values()));
            assertThat(leads.leadTo("h3")).isEqualTo(plain.containsValue("h3"));
        }
    }

    private String key() {
        return "key-" + random.nextInt(100);
    }
}
