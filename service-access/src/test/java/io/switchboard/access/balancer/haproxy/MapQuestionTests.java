package io.switchboard.access.balancer.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MapQuestionTests {

    private static final Path FILE = Path.of("/etc/host.map");

    @Test
    void asksForWhatShouldHaveChangedAndForNothingElse() {
        var question = MapQuestion.of(
                FILE, Map.of("stays", "h0000", "goes", "h0001"), Map.of("stays", "h0000", "comes", "h0002"));

        assertThat(question.commands()).containsExactly("get map /etc/host.map comes", "get map /etc/host.map goes");
        assertThat(question.entries(List.of(
                        "type=str, case=sensitive, found=yes, idx=tree, key=\"comes\", value=\"h0002\", type=\"str\"",
                        "type=str, case=sensitive, found=no")))
                .isEqualTo(Map.of("stays", "h0000", "comes", "h0002"));
    }

    @Test
    void tellsWhatHaproxyHasAndNotWhatItShould() {
        var question = MapQuestion.of(FILE, Map.of("goes", "h0001"), Map.of("comes", "h0002"));

        assertThat(question.entries(List.of(
                        "type=str, case=sensitive, found=no",
                        "type=str, case=sensitive, found=yes, idx=tree, key=\"goes\", value=\"h0009\", type=\"str\"")))
                .isEqualTo(Map.of("goes", "h0009"));
    }

    @Test
    void anotherKeyThatIsFoundInItsPlaceIsNotIt() {
        var question = MapQuestion.of(FILE, Map.of(), Map.of("h0001/10.1", "1"));

        assertThat(question.entries(List.of(
                        "type=beg, case=sensitive, found=yes, idx=tree, key=\"h0001/10\", value=\"1\", type=\"str\"")))
                .isEmpty();
    }

    @Test
    void asksForTheWholeMapWhereMuchChanges() {
        var planned = new HashMap<String, String>();
        for (int number = 0; number < 500; number++) {
            planned.put("host-" + number, "h0001");
        }
        var question = MapQuestion.of(FILE, Map.of(), planned);

        assertThat(question.commands()).containsExactly("show map /etc/host.map");
        assertThat(question.entries(List.of("0x1 host-1 h0001\n0x2 somebody-elses h0002")))
                .isEqualTo(Map.of("host-1", "h0001"));
    }
}
