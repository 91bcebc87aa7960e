package io.switchboard.fakes;

import io.switchboard.contracts.ordering.CatalogApi;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.contracts.scheduling.Consumption;
import io.switchboard.contracts.scheduling.PortSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.web.bind.annotation.RestController;

@RestController
class FakeCatalog implements CatalogApi {

    private static final Consumption MODEL =
            new Consumption(List.of(new Consumption.Work("acd", "queue+bridge", 1)), Optional.empty(), 120, "measured");
    private static final List<PortSpec> HTTP = List.of(new PortSpec("http", PortSpec.Protocol.HTTP, 8080));

    @Override
    public List<ServiceType> catalog() {
        return List.of(
                new ServiceType(
                        "acd",
                        "Call distribution",
                        "Queues calls and hands each to the agent who suits it best and waited longest.",
                        Optional.of("platform/acd@sha256:9f2c1d0b7e5a"),
                        HTTP,
                        MODEL,
                        List.of(
                                plan(
                                        "standard",
                                        "Standard",
                                        "One region, calls are queued in memory.",
                                        2,
                                        10,
                                        standard()),
                                plan(
                                        "critical",
                                        "Critical",
                                        "Twice the spare tasks, calls survive a lost task.",
                                        4,
                                        40,
                                        Map.of("type", "object")))),
                new ServiceType(
                        "ivr",
                        "Voice menu",
                        "Answers with a menu and passes callers on.",
                        Optional.of("platform/ivr@sha256:0c11d2aa90"),
                        HTTP,
                        MODEL,
                        List.of(plan(
                                "standard",
                                "Standard",
                                "Menus of up to four levels.",
                                2,
                                20,
                                Map.of("type", "object")))),
                new ServiceType(
                        "recording",
                        "Recording",
                        "Keeps calls for as long as the law wants.",
                        Optional.empty(),
                        HTTP,
                        MODEL,
                        List.of(plan("standard", "Standard", "Kept for 90 days.", 2, 8, Map.of("type", "object")))));
    }

    private static Plan plan(
            String name, String title, String description, int min, int max, Map<String, Object> schema) {
        return new Plan(name, title, description, min, max, 1, schema);
    }

    private static Map<String, Object> standard() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(
                "greeting",
                Map.of(
                        "type", "string",
                        "title", "Greeting",
                        "configurationKey", "acd.greeting",
                        "description", "Said before a caller is queued.",
                        "maxLength", 200,
                        "default", "Welcome."));
        properties.put(
                "strategy",
                Map.of(
                        "type", "string",
                        "title", "Who gets the next call",
                        "configurationKey", "acd.routing.strategy",
                        "enum", List.of("longest-idle", "skills", "round-robin"),
                        "default", "longest-idle"));
        properties.put(
                "maxQueueSeconds",
                Map.of(
                        "type",
                        "integer",
                        "title",
                        "Longest wait, seconds",
                        "minimum",
                        10,
                        "maximum",
                        3600,
                        "default",
                        300));
        properties.put(
                "serviceLevel",
                Map.of("type", "number", "title", "Share answered in 20 s", "minimum", 0.5, "maximum", 0.99));
        properties.put("recording", Map.of("type", "boolean", "title", "Record calls", "default", false));
        return Map.of("type", "object", "properties", properties, "required", List.of("greeting", "strategy"));
    }

    @Override
    public ServiceType serviceType(String serviceType) {
        return catalog().stream()
                .filter(type -> type.name().equals(serviceType))
                .findFirst()
                .orElseThrow(
                        () -> new Problem(RequestProblem.NOT_FOUND, "There is no service type '" + serviceType + "'."));
    }

    @Override
    public ServiceType pinImage(String serviceType, ImagePin pin) {
        throw unused();
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("the console does not call this");
    }
}
