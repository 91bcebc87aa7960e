package io.switchboard.console.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DraftFormTests {

    @Test
    void everyRowUpToTheBoundIsRead() {
        assertThat(DraftForm.of(1, rows(2_000)).rows()).hasSize(2_000);
    }

    @Test
    void moreRowsAreRefusedRatherThanCutOff() {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> DraftForm.of(1, rows(2_001)))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(RequestProblem.BODY_TOO_LARGE))
                .withMessageContaining("at most 2000 rows");
    }

    private static Map<String, String> rows(int count) {
        var form = new HashMap<String, String>();
        for (int index = 0; index < count; index++) {
            form.put("key." + index, "k" + index);
            form.put("value." + index, "v");
        }
        return form;
    }
}
