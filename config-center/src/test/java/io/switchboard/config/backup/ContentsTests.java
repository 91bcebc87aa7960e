package io.switchboard.config.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.problem.Problem;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import tools.jackson.databind.json.JsonMapper;

class ContentsTests {

    private static final NamespacePath DESK = NamespacePath.parse("acme/desk/prod/application");

    /** Nobody opens the others: readers write builds, and a draft is its editor's. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"BUILD", "DRAFT"})
    void whatHoldsNothingThatIsReadThereIsRefused(Place place) {
        for (String content : new String[] {"null", "7", "\"text\"", "{\"keys\":[null]}\u0000"}) {
            assertThatExceptionOfType(Problem.class)
                    .as(content)
                    .isThrownBy(() -> new Contents(new JsonMapper()).check(entry(place, content)))
                    .satisfies(problem -> assertThat(problem.code()).isEqualTo(BackupProblem.NO_BACKUP));
        }
    }

    private static Entry entry(Place place, String content) {
        Address address = switch (place) {
            case FREEZES -> Address.of(place, "acme", "prod");
            case READERS_RETIRING, ACCESS_RETIRING -> Address.of(place, DESK, "1");
            case DUE -> Address.of(place, DESK, "0000000000001~night");
            case CANARY_RUNNING -> Address.of(place, DESK, "night");
            case RELEASE, COMMENTS, EARLIER_RELEASE -> Address.of(place, DESK, "1");
            default -> Address.of(place, DESK, "");
        };
        return new Entry(address, 0, content.getBytes(StandardCharsets.US_ASCII));
    }
}
