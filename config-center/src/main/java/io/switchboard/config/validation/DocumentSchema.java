package io.switchboard.config.validation;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.path.NodePath;
import io.switchboard.configprotocol.Format;
import io.switchboard.contracts.config.ValidationApi.Finding;
import io.switchboard.contracts.config.ValidationApi.FindingKind;
import io.switchboard.contracts.config.ValidationApi.Severity;
import io.switchboard.contracts.problem.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON schema that documents are held against. It is a tenant's: nothing is loaded for it, and steps, depth and the time for all its
 * regular expressions are bounded.
 */
public final class DocumentSchema {

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<Dialect> DIALECTS =
            List.of(Dialects.getDraft202012(), Dialects.getDraft201909(), Dialects.getDraft7());
    private static final String OWN = "https://json-schema.org/";

    private static final long MOST_STEPS = 1_000_000;
    private static final int DEEPEST = 400;
    private static final Duration LONGEST = Duration.ofSeconds(1);
    private static final int MOST_SHOWN = 10;
    private static final int MOST_FINDINGS = 100;

    private final JsonNode schema;

    private DocumentSchema(JsonNode schema) {
        this.schema = schema;
    }

    /** One that {@link #checked} found to be sound before. */
    public static DocumentSchema of(Map<String, Object> schema) {
        return new DocumentSchema(JSON.valueToTree(schema));
    }

    /** @throws Problem {@link ValidationProblem#INVALID_SCHEMA} saying where it is none */
    public static void check(Map<String, Object> schema) {
        var candidate = of(schema);
        String dialect =
                candidate.schema.path("$schema").asString(DIALECTS.getFirst().getId());
        if (DIALECTS.stream().noneMatch(known -> plain(known.getId()).equals(plain(dialect)))) {
            throw new Problem(ValidationProblem.INVALID_SCHEMA, "Its '$schema' is none that is known here.");
        }
        try {
            List<Error> errors = errors(registry().getSchema(SchemaLocation.of(dialect)), candidate.schema);
            if (!errors.isEmpty()) {
                Error first = errors.getFirst();
                throw new Problem(
                        ValidationProblem.INVALID_SCHEMA,
                        "At " + place(first.getInstanceLocation()) + ": " + words(first));
            }
            // A reference that leads nowhere, or a pattern that is none, shows when it is first held against something.
            candidate.findings(JSON.createObjectNode(), Set.of());
            registry().getSchema(candidate.schema).initializeValidators();
        } catch (Problem e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            throw new Problem(
                    ValidationProblem.INVALID_SCHEMA,
                    outside(candidate.schema)
                            .map(reference ->
                                    "'$ref' " + reference + " leads out of the schema, and nothing is loaded for one.")
                            .orElse("It can't be used: a '$ref' leads nowhere, or a 'pattern' is none."));
        }
    }

    /** The first reference to another document. */
    private static Optional<String> outside(JsonNode schema) {
        return schema.findValues("$ref").stream()
                // It may be the name of a property, too.
                .filter(JsonNode::isString)
                .map(JsonNode::asString)
                .filter(reference -> !reference.startsWith("#"))
                .map(DocumentSchema::cut)
                .findFirst();
    }

    private static String plain(String dialect) {
        return dialect.replaceFirst("#$", "");
    }

    /**
     * What is wrong with a document; what was wrong with the one before as well is a warning.
     *
     * @param before empty if there was none
     */
    public List<Finding> findings(Format format, String before, String after) {
        Set<String> known = new HashSet<>();
        if (!before.isEmpty()) {
            tree(format, before)
                    .map(document -> findings(document, Set.of()))
                    .orElse(List.of())
                    .forEach(finding -> known.add(finding.key() + finding.message()));
        }
        return after.isEmpty()
                ? List.of()
                : tree(format, after)
                        .map(document -> findings(document, known))
                        .orElseGet(() -> List.of(error(Format.CONTENT, "It is no document of its format.")));
    }

    /** Empty if it is none: an earlier center knew no documents. */
    private static Optional<JsonNode> tree(Format format, String text) {
        try {
            return Optional.of(format == Format.JSON ? JSON.readTree(text) : JSON.valueToTree(PlainYaml.read(text)));
        } catch (JacksonException | YAMLException e) {
            return Optional.empty();
        }
    }

    private static Finding error(String key, String message) {
        return new Finding(Severity.ERROR, FindingKind.SCHEMA, key, message, Optional.empty(), List.of());
    }

    private List<Finding> findings(JsonNode document, Set<String> known) {
        List<Finding> findings = new ArrayList<>();
        try {
            for (Error error : errors(registry().getSchema(schema), document)) {
                String key = place(error.getInstanceLocation());
                String message = words(error);
                boolean before = known.contains(key + message);
                findings.add(new Finding(
                        before ? Severity.WARNING : Severity.ERROR,
                        FindingKind.SCHEMA,
                        key,
                        message,
                        Optional.empty(),
                        List.of()));
                if (findings.size() == MOST_FINDINGS) {
                    break;
                }
            }
        } catch (ValidationLimitExceededException | TimedText.OutOfTime | StackOverflowError e) {
            findings.add(error(Format.CONTENT, "To hold it against the schema takes more than may be spent on it."));
        }
        return findings;
    }

    private static List<Error> errors(Schema schema, JsonNode document) {
        return schema.validate(
                document,
                context -> context.executionConfig(
                        limits -> limits.maxEvaluationSteps(MOST_STEPS).maxEvaluationDepth(DEEPEST)));
    }

    /** A new one each time: it would keep whatever names schemas give themselves. */
    private static SchemaRegistry registry() {
        Deadline deadline = Deadline.in(LONGEST);
        return SchemaRegistry.withDialects(
                DIALECTS,
                registry -> registry.defaultDialectId(DIALECTS.getFirst().getId())
                        .schemaCacheEnabled(false)
                        .schemaLoader(loader -> loader.allow(iri ->
                                iri.toString().startsWith(OWN) || iri.toString().startsWith("http://json-schema.org/")))
                        .schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .formatAssertionsEnabled(false)
                                .regularExpressionFactory(expression -> {
                                    Pattern pattern = Pattern.compile(expression);
                                    return text -> pattern.matcher(new TimedText(text, deadline))
                                            .find();
                                })
                                .build()));
    }

    /** As Spring names what it reads from documents. */
    private static String place(NodePath location) {
        var place = new StringBuilder();
        for (int i = 0; i < location.getNameCount(); i++) {
            if (location.getElement(i) instanceof Integer index) {
                place.append('[').append(index.intValue()).append(']');
            } else {
                place.append(place.isEmpty() ? "" : ".").append(location.getElement(i));
            }
        }
        return place.isEmpty() ? Format.CONTENT : place.toString();
    }

    /** The library's own words may repeat what stands in the document. */
    private static String words(Error error) {
        JsonNode bound = error.getSchemaNode();
        String property = error.getProperty();
        String keyword = String.valueOf(error.getKeyword());
        return switch (keyword) {
            case "type" -> "It must be of type " + shown(bound) + ".";
            case "required" -> "It lacks '" + property + "'.";
            case "additionalProperties", "unevaluatedProperties" -> "It may not have '" + property + "'.";
            case "enum" -> "It must be one of " + shown(bound) + ".";
            case "const" -> "It must be " + shown(bound) + ".";
            case "minimum" -> "It must be at least " + shown(bound) + ".";
            case "maximum" -> "It must be at most " + shown(bound) + ".";
            case "exclusiveMinimum" -> "It must be more than " + shown(bound) + ".";
            case "exclusiveMaximum" -> "It must be less than " + shown(bound) + ".";
            case "minLength", "minItems", "minProperties" -> "It must have at least " + shown(bound) + " parts.";
            case "maxLength", "maxItems", "maxProperties" -> "It must have at most " + shown(bound) + " parts.";
            case "pattern" -> "It must match " + shown(bound) + ".";
            default -> "It does not keep to '" + keyword + "' of the schema.";
        };
    }

    private static String shown(JsonNode bound) {
        String text = bound.isArray()
                ? bound.valueStream()
                        .limit(MOST_SHOWN)
                        .map(DocumentSchema::shown)
                        .collect(Collectors.joining(", "))
                : bound.isValueNode() ? bound.asString() : "what the schema says";
        return cut(text);
    }

    private static String cut(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
}
