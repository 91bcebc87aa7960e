package io.switchboard.configprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JsonKeysTests {

    @ParameterizedTest
    @MethodSource
    void whatStandsUnderANameBecomesTheseKeys(@Nullable Object value, Map<String, Object> keys) {
        Map<String, @Nullable Object> object = new HashMap<>();
        object.put("a", value);

        assertThat(JsonKeys.of(object)).isEqualTo(keys);
    }

    static Stream<Arguments> whatStandsUnderANameBecomesTheseKeys() {
        return Stream.of(
                Arguments.of(1, Map.of("a", 1)),
                Arguments.of("", Map.of("a", "")),
                Arguments.of(null, Map.of()),
                Arguments.of(Map.of(), Map.of()),
                Arguments.of(List.of(), Map.of("a", "")),
                Arguments.of(Map.of("b", Map.of()), Map.of()),
                Arguments.of(Map.of("b", true, "c.d", 2), Map.of("a.b", true, "a.c.d", 2)),
                Arguments.of(
                        List.of(1, List.of(), Map.of(), Map.of("b", "x")),
                        Map.of("a[0]", 1, "a[1]", "", "a[3].b", "x")),
                Arguments.of(Arrays.asList(null, 2), Map.of("a[1]", 2)));
    }
}
