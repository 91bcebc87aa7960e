package io.switchboard.samples.acd.floor;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.validation.ValidationBindHandler;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;
import org.yaml.snakeyaml.Yaml;

/** Whatever the catalog offers for this service must be something that the service takes. */
class CatalogAgreementTests {

    private static final Path CATALOG = Path.of("../../service-request/src/main/resources/catalog/acd.yaml");

    /** One parameter of the catalog and one value that its schema allows. */
    record Allowed(String key, Object value) {}

    static Stream<Allowed> allowed() throws IOException {
        return parameters().stream()
                .flatMap(schema -> Stream.concat(
                                Stream.of("minimum", "maximum", "default")
                                        .filter(schema::containsKey)
                                        .map(schema::get),
                                ((List<?>) schema.getOrDefault("enum", List.of())).stream())
                        .map(value -> new Allowed(key(schema), value)));
    }

    @ParameterizedTest
    @MethodSource("allowed")
    void whatMayBeOrderedIsTaken(Allowed allowed) {
        assertThatCode(() -> bound(Map.of(allowed.key(), allowed.value()))).doesNotThrowAnyException();
    }

    @Test
    void everyParameterHasAnEffect() throws IOException {
        var usual = bound(Map.of());

        for (var schema : parameters()) {
            var other = allowed()
                    .filter(allowed -> allowed.key().equals(key(schema)))
                    .map(allowed -> bound(Map.of(allowed.key(), other(allowed.value()))))
                    .anyMatch(changed -> !changed.equals(usual));
            assertThat(other).as(key(schema)).isTrue();
        }
    }

    @Test
    void whatIsNotOrderedIsAsTheCatalogSays() throws IOException {
        var defaults = new LinkedHashMap<String, Object>();
        parameters().forEach(schema -> defaults.put(key(schema), schema.get("default")));

        assertThat(defaults).doesNotContainValue(null);
        assertThat(bound(defaults)).isEqualTo(bound(Map.of()));
    }

    @Test
    void theServiceListensOnThePortsOfTheCatalog() throws IOException {
        var settings = Files.readString(Path.of("src/main/resources/application.yaml"));

        try (var file = Files.newBufferedReader(CATALOG)) {
            assertThat((List<?>) member(new Yaml().load(file), "ports"))
                    .hasSize(2)
                    .allSatisfy(port -> {
                        var variable = "PORT_" + member(port, "name").toString().toUpperCase(Locale.ROOT);
                        assertThat(settings)
                                .contains("port: ${" + variable + ":" + member(port, "containerPort") + "}");
                    });
        }
    }

    private static Object other(Object value) {
        return switch (value) {
            case Boolean flag -> !flag;
            case String text when text.equals("support") -> "other";
            default -> value;
        };
    }

    private static AcdProperties bound(Map<String, Object> settings) {
        var validator = new LocalValidatorFactoryBean();
        validator.afterPropertiesSet();
        return new Binder(
                        List.of(new MapConfigurationPropertySource(settings)),
                        null,
                        ApplicationConversionService.getSharedInstance())
                .bindOrCreate("acd", Bindable.of(AcdProperties.class), new ValidationBindHandler(validator));
    }

    private static String key(Map<?, ?> schema) {
        return String.valueOf(schema.get("configurationKey"));
    }

    private static List<Map<String, Object>> parameters() throws IOException {
        try (var file = Files.newBufferedReader(CATALOG)) {
            var plans = (List<?>) member(new Yaml().load(file), "plans");
            var properties = (Map<?, ?>) member(member(plans.getFirst(), "parametersSchema"), "properties");
            return properties.values().stream()
                    .map(CatalogAgreementTests::schema)
                    .toList();
        }
    }

    private static Object member(Object of, String name) {
        return requireNonNull(((Map<?, ?>) of).get(name), name);
    }

    private static Map<String, Object> schema(Object of) {
        var schema = new LinkedHashMap<String, Object>();
        ((Map<?, ?>) of).forEach((name, value) -> schema.put(String.valueOf(name), value));
        return schema;
    }
}
