package io.switchboard.config.namespace;

import io.switchboard.configprotocol.Format;
import io.switchboard.contracts.problem.Problem;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ByteArrayResource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whether a document is what its namespace's name says. Details name the place, never what stands there. */
final class DocumentRules {

    static final int LARGEST = 192 * 1024;

    private static final int DEEPEST = 50;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private DocumentRules() {}

    static void check(Format format, String text) {
        switch (format) {
            case YAML -> checkYaml(text);
            case JSON -> checkJson(text);
            case TEXT, PROPERTIES -> {}
        }
    }

    private static void checkYaml(String text) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setNestingDepthLimit(DEEPEST);
        // As Spring has it: what counts is what they become.
        options.setMaxAliasesForCollections(Integer.MAX_VALUE);
        Node root;
        try {
            root = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            throw place(e);
        } catch (YAMLException e) {
            throw unreadable();
        }
        if (!(root instanceof MappingNode)) {
            throw invalid("The document is no mapping.");
        }
        DocumentSize.check(root);
        if (documents(text) > 1) {
            throw invalid("There is more than one document.");
        }
    }

    /** How many there are, read once more as clients do. */
    private static int documents(String text) {
        try {
            return new YamlPropertySourceLoader()
                    .load("document", new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)))
                    .size();
        } catch (MarkedYAMLException e) {
            throw place(e);
        } catch (RuntimeException e) {
            // Whatever a tag's parser throws repeats what it was given, so it goes no further.
            throw unreadable();
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory was not readable", e);
        }
    }

    private static void checkJson(String text) {
        try {
            JsonNode root = JSON.readTree(text);
            if (!root.isObject()) {
                throw invalid("The document is no object.");
            }
            DocumentSize.check(root);
        } catch (JacksonException e) {
            var location = e.getLocation();
            throw location == null
                    ? invalid("The document is no JSON.")
                    : place("JSON", location.getLineNr(), location.getColumnNr());
        }
    }

    private static Problem invalid(String detail) {
        return new Problem(ConfigProblem.INVALID_DOCUMENT, detail);
    }

    private static Problem unreadable() {
        return invalid("The document is no YAML that Spring reads.");
    }

    private static Problem place(MarkedYAMLException e) {
        var mark = e.getProblemMark();
        return mark == null
                ? invalid("The document is no YAML.")
                : place("YAML", mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static Problem place(String language, int line, int column) {
        return new Problem(
                ConfigProblem.INVALID_DOCUMENT,
                "Line " + line + ", column " + column + " is no " + language + ".",
                Map.of("line", line, "column", column));
    }
}
