package io.switchboard.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemPagesTests {

    @ParameterizedTest
    @CsvSource({
        "400, INVALID_REQUEST",
        "404, NOT_FOUND",
        "409, INVALID_REQUEST",
        "429, INVALID_REQUEST",
        "431, INVALID_REQUEST",
        "500, DEFECT",
        "502, DEFECT",
        "503, UNAVAILABLE"
    })
    void whatTheBrowserSentIsNeverADefectOfOurs(int status, String code) {
        assertThat(ProblemPages.code(status).name()).isEqualTo(code);
    }
}
