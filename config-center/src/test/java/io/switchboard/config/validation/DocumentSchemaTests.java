package io.switchboard.config.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.configprotocol.Format;
import io.switchboard.contracts.config.ValidationApi.Finding;
import io.switchboard.contracts.config.ValidationApi.Severity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DocumentSchemaTests {

    @ParameterizedTest
    @EnumSource(names = {"YAML", "JSON"})
    void whatWasSavedAndIsNoDocumentIsAFindingAndKeepsNobodyFromMendingIt(Format format) {
        var schema = DocumentSchema.of(Map.of("required", List.of("a")));

        assertThat(schema.findings(format, "{ hunter2", "{ hunter2"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
                    assertThat(finding.message()).doesNotContain("hunter2");
                });
        assertThat(schema.findings(format, "{ hunter2", "{\"a\": 1}")).isEmpty();
        assertThat(schema.findings(format, "{ hunter2", "{\"b\": 1}"))
                .extracting(Finding::severity)
                .containsExactly(Severity.ERROR);
    }
}
