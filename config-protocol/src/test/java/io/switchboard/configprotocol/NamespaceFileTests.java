package io.switchboard.configprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamespaceFileTests {

    @ParameterizedTest
    @CsvSource({"application, application.properties", "menu.yaml, menu.yaml", "a.b.yml, a.b.yml", "a.b, a.b.properties"
    })
    void aFileIsCalledSoThatItsNamespaceCanBeTold(String namespace, String file) {
        assertThat(NamespaceFile.nameOf(namespace)).isEqualTo(file);
        assertThat(NamespaceFile.namespaceOf(file)).contains(namespace);
    }

    @ParameterizedTest
    @CsvSource({"README.md", "menu.yaml.properties", "application"})
    void whatIsCalledOtherwiseIsNobodysFile(String file) {
        assertThat(NamespaceFile.namespaceOf(file)).isEmpty();
    }

    @Test
    void itemsHaveTheirCommentsAndADocumentIsAsItIs() {
        String items = "# In seconds.\nmax-wait=30\n";
        String document = "# For callers.\ngreeting: Hello\n";

        NamespaceFile properties = NamespaceFile.read("application", items);
        NamespaceFile yaml = NamespaceFile.read("menu.yaml", document);

        assertThat(properties.comments()).isEqualTo(Map.of("max-wait", "In seconds."));
        assertThat(properties.text()).isEqualTo(items);
        assertThat(yaml.comments()).isEmpty();
        assertThat(yaml.text()).isEqualTo(document);
        assertThat(new NamespaceFile("menu.yaml", new TreeMap<>(), new TreeMap<>()).text())
                .isEmpty();
    }
}
