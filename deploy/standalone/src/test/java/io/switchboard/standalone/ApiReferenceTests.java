package io.switchboard.standalone;

import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.contracts.access.AccessApi;
import io.switchboard.contracts.access.BalancersApi;
import io.switchboard.contracts.access.DomainsApi;
import io.switchboard.contracts.access.RoutePolicyApi;
import io.switchboard.contracts.access.TrafficApi;
import io.switchboard.contracts.capacity.CapacityApi;
import io.switchboard.contracts.config.AccessKeysApi;
import io.switchboard.contracts.config.ApplicationsApi;
import io.switchboard.contracts.config.ArchivesApi;
import io.switchboard.contracts.config.AuditApi;
import io.switchboard.contracts.config.BackupApi;
import io.switchboard.contracts.config.BuildsApi;
import io.switchboard.contracts.config.CanaryApi;
import io.switchboard.contracts.config.ConfigApi;
import io.switchboard.contracts.config.FreezeApi;
import io.switchboard.contracts.config.HistoryApi;
import io.switchboard.contracts.config.InheritanceApi;
import io.switchboard.contracts.config.ReadAccessApi;
import io.switchboard.contracts.config.ReaderKeysApi;
import io.switchboard.contracts.config.ReviewApi;
import io.switchboard.contracts.config.ScheduleApi;
import io.switchboard.contracts.config.SecretsApi;
import io.switchboard.contracts.config.StagesApi;
import io.switchboard.contracts.config.ValidationApi;
import io.switchboard.contracts.image.ImagesApi;
import io.switchboard.contracts.ordering.CatalogApi;
import io.switchboard.contracts.ordering.OrdersApi;
import io.switchboard.contracts.ordering.TenantsApi;
import io.switchboard.contracts.problem.ProblemCode;
import io.switchboard.contracts.scheduling.AutoscalingApi;
import io.switchboard.contracts.scheduling.NodesApi;
import io.switchboard.contracts.scheduling.RolloutsApi;
import io.switchboard.contracts.scheduling.SchedulerApi;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.type.filter.RegexPatternTypeFilter;
import org.springframework.http.HttpEntity;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ValueConstants;
import org.springframework.web.service.annotation.HttpExchange;

/**
 * Keeps the tables of {@code docs/reference/api.md} as the code is. To write them anew, run this with the environment
 * variable {@code WRITE_REFERENCE=true}.
 */
class ApiReferenceTests {

    private static final Path PAGE = Path.of("../../docs/reference/api.md");
    private static final String BEGIN = "<!-- generated: %s -->\n";
    private static final String END = "<!-- end -->";

    /** By the service that answers, as in the page's table of addresses. */
    private static final Map<String, List<Class<?>>> APIS = new LinkedHashMap<>();

    static {
        APIS.put("request", List.of(OrdersApi.class, CatalogApi.class, TenantsApi.class));
        APIS.put(
                "config",
                List.of(
                        ConfigApi.class,
                        SecretsApi.class,
                        ValidationApi.class,
                        BuildsApi.class,
                        ReviewApi.class,
                        HistoryApi.class,
                        FreezeApi.class,
                        ScheduleApi.class,
                        CanaryApi.class,
                        InheritanceApi.class,
                        StagesApi.class,
                        ArchivesApi.class,
                        BackupApi.class,
                        ApplicationsApi.class,
                        ReaderKeysApi.class,
                        ReadAccessApi.class,
                        AccessKeysApi.class,
                        AuditApi.class));
        APIS.put("image", List.of(ImagesApi.class));
        APIS.put(
                "access",
                List.of(AccessApi.class, BalancersApi.class, DomainsApi.class, RoutePolicyApi.class, TrafficApi.class));
        APIS.put(
                "scheduler",
                List.of(
                        SchedulerApi.class,
                        RolloutsApi.class,
                        AutoscalingApi.class,
                        NodesApi.class,
                        CapacityApi.class));
    }

    @Test
    void theTablesAreAsTheCodeIs() throws IOException {
        var page = Files.readString(PAGE);
        var expected = replaced(replaced(replaced(page, "calls", calls()), "bodies", bodies()), "problems", problems());

        if (Boolean.parseBoolean(System.getenv("WRITE_REFERENCE"))) {
            Files.writeString(PAGE, expected);
        }
        assertThat(Files.readString(PAGE))
                .as("run ApiReferenceTests with WRITE_REFERENCE=true, then read the difference")
                .isEqualTo(expected);
    }

    @Test
    void everyPublicCallOfAControllerIsInTheContracts() {
        var described = APIS.values().stream()
                .flatMap(List::stream)
                .flatMap(api -> Arrays.stream(api.getMethods()))
                .flatMap(method -> call(method).stream())
                .collect(Collectors.toSet());

        // What streams stands beside the contracts, and at the end of the table.
        assertThat(controllerCalls())
                .allSatisfy(call -> assertThat(call)
                        .matches("GET /api/v1/(orders/\\{id}/|deployments/\\{instanceId}/log/)?events"));
        assertThat(described).isNotEmpty();
    }

    @Test
    void aProblemIsKnownByTheNameOfItsConstant() throws IllegalAccessException {
        for (var field : problemFields()) {
            assertThat(((ProblemCode) field.get(null)).name()).isEqualTo(field.getName());
        }
    }

    private static String replaced(String page, String name, String table) {
        var begin = BEGIN.formatted(name);
        int from = page.indexOf(begin);
        assertThat(from).as("the page lacks " + begin).isNotNegative();
        return page.substring(0, from + begin.length()) + table + page.substring(page.indexOf(END, from));
    }

    // --- calls

    private static String calls() {
        var table = new StringBuilder("| service | call | parameters | body | answer |\n|---|---|---|---|---|\n");
        APIS.forEach((service, apis) -> apis.stream()
                .flatMap(api -> Arrays.stream(api.getMethods()))
                .filter(method -> call(method).isPresent())
                .sorted(comparing((Method method) -> path(method))
                        .thenComparing(ApiReferenceTests::verb)
                        // Two bodies for one call.
                        .thenComparing(method ->
                                bodyType(method).map(type -> body(method, type)).orElse("")))
                .forEach(method -> table.append("| %s | `%s` | %s | %s | %s |\n"
                        .formatted(
                                service,
                                call(method).orElseThrow(),
                                parameters(method),
                                bodyType(method).map(type -> body(method, type)).orElse(""),
                                answer(method.getGenericReturnType())))));
        controllerCalls().stream()
                .sorted()
                .forEach(call -> table.append(
                        call.contains("/log/")
                                ? "| scheduler | `%s` | `task?`, `lines?` |  | server-sent events |\n".formatted(call)
                                : "| request | `%s` | header `Last-Event-ID?` |  | server-sent events |\n"
                                        .formatted(call)));
        return table.toString();
    }

    private static Optional<String> call(Method method) {
        return Optional.ofNullable(AnnotatedElementUtils.findMergedAnnotation(method, HttpExchange.class))
                .map(exchange -> verb(method) + " " + path(method))
                .filter(call -> call.contains(" /api/"));
    }

    private static String verb(Method method) {
        var exchange = AnnotatedElementUtils.findMergedAnnotation(method, HttpExchange.class);
        return exchange == null ? "" : exchange.method();
    }

    private static String path(Method method) {
        return Stream.of(method.getDeclaringClass(), method)
                .map(element -> AnnotatedElementUtils.findMergedAnnotation(element, HttpExchange.class))
                .map(exchange -> exchange == null ? "" : exchange.url())
                .collect(Collectors.joining());
    }

    private static String parameters(Method method) {
        return Arrays.stream(method.getParameters())
                .filter(parameter -> parameter.isAnnotationPresent(RequestParam.class))
                .map(parameter -> code(parameter.getName() + (isRequired(parameter) ? "" : "?")))
                .collect(Collectors.joining(" "));
    }

    private static boolean isRequired(Parameter parameter) {
        var said = parameter.getAnnotation(RequestParam.class);
        return said.required() && said.defaultValue().equals(ValueConstants.DEFAULT_NONE);
    }

    private static Optional<Class<?>> bodyType(Method method) {
        return Arrays.stream(method.getParameters())
                .filter(parameter -> parameter.isAnnotationPresent(RequestBody.class))
                .<Class<?>>map(parameter -> parameter.getType())
                .findFirst();
    }

    private static String answer(Type type) {
        if (type instanceof ParameterizedType generic) {
            var inner = answer(generic.getActualTypeArguments()[0]);
            var raw = (Class<?>) generic.getRawType();
            if (HttpEntity.class.isAssignableFrom(raw)) {
                return inner;
            }
            return Collection.class.isAssignableFrom(raw) ? "array of " + inner : "page of " + inner;
        }
        if (type == String.class) {
            return "text";
        }
        if (type == byte[].class) {
            return "zip";
        }
        if (type == InputStreamResource.class) {
            return "backup";
        }
        return type == void.class ? "nothing" : code((Class<?>) type);
    }

    /** What isn't described below is a data set. */
    private static String body(Method method, Class<?> type) {
        if (type == byte[].class) {
            return method.getDeclaringClass() == ArchivesApi.class ? "zip" : "CSV";
        }
        if (type == InputStreamResource.class) {
            return "backup";
        }
        return Collection.class.isAssignableFrom(type) ? "array of objects" : code(type);
    }

    private static String code(Class<?> type) {
        return code(type.getSimpleName());
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    /** Calls of controllers that implement none of the interfaces. */
    private static Set<String> controllerCalls() {
        var calls = new LinkedHashSet<String>();
        for (var type : classes(".*Controller", "io.switchboard")) {
            if (type.getPackageName().startsWith("io.switchboard.console") || implementsContract(type)) {
                continue;
            }
            for (var method : type.getDeclaredMethods()) {
                var mapping = AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class);
                if (mapping != null) {
                    Arrays.stream(mapping.path())
                            .filter(path -> path.startsWith("/api/"))
                            .forEach(path -> calls.add(mapping.method()[0] + " " + path));
                }
            }
        }
        assertThat(calls).isNotEmpty();
        return calls;
    }

    private static boolean implementsContract(Class<?> type) {
        return Arrays.stream(type.getInterfaces())
                .anyMatch(api -> api.getPackageName().startsWith("io.switchboard.contracts"));
    }

    // --- bodies

    private static String bodies() {
        var tables = new StringBuilder();
        var shown = new LinkedHashSet<Class<?>>();
        APIS.values().stream()
                .flatMap(List::stream)
                .flatMap(api -> Arrays.stream(api.getMethods())
                        .filter(method -> call(method).isPresent())
                        .sorted(comparing((Method method) -> path(method)).thenComparing(ApiReferenceTests::verb)))
                .flatMap(method -> bodyType(method).stream())
                .filter(type -> type.isRecord() || type.isSealed())
                .forEach(type -> describe(type, shown, tables));
        return tables.toString();
    }

    private static void describe(Class<?> type, Set<Class<?>> shown, StringBuilder tables) {
        if (!shown.add(type)) {
            return;
        }
        if (type.isSealed()) {
            Arrays.stream(type.getPermittedSubclasses()).forEach(form -> describe(form, shown, tables));
            return;
        }
        var kind = Arrays.stream(type.getInterfaces()).anyMatch(Class::isSealed);
        tables.append("\n**%s**\n\n| field | type | rule |\n|---|---|---|\n".formatted(type.getSimpleName()));
        if (kind) {
            tables.append("| `kind` | text | required; `%s` |\n"
                    .formatted(type.getSimpleName().toUpperCase(Locale.ROOT)));
        }
        for (var field : type.getRecordComponents()) {
            tables.append(
                    "| `%s` | %s | %s |\n".formatted(field.getName(), type(field.getGenericType()), rule(type, field)));
        }
        Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getGenericType)
                .map(ApiReferenceTests::inner)
                .filter(Class::isRecord)
                .forEach(inner -> describe(inner, shown, tables));
    }

    /** What an optional, a collection or a map holds, or else the type itself. */
    private static Class<?> inner(Type type) {
        return type instanceof ParameterizedType generic
                        && Arrays.asList(generic.getActualTypeArguments()).getLast() instanceof Class<?> held
                ? held
                : type instanceof ParameterizedType other ? (Class<?>) other.getRawType() : (Class<?>) type;
    }

    private static String type(Type type) {
        if (type instanceof ParameterizedType generic) {
            var raw = (Class<?>) generic.getRawType();
            if (Map.class.isAssignableFrom(raw)) {
                return inner(type).isRecord() ? "object of " + type(inner(type)) + " by name" : "object";
            }
            var held = type(inner(type));
            return raw == Optional.class ? held : held.equals("id") ? "ids" : "array of " + held;
        }
        var plain = (Class<?>) type;
        if (plain.isRecord()) {
            return plain.getSimpleName();
        }
        if (plain == double.class || plain == Double.class) {
            return "number";
        }
        if (plain == boolean.class || plain == Boolean.class) {
            return "true or false";
        }
        return plain == int.class || plain == Integer.class || plain == long.class || plain == Long.class
                ? "whole number"
                : plain == UUID.class ? "id" : "text";
    }

    private static String rule(Class<?> owner, RecordComponent component) {
        var field = field(owner, component);
        var rules = Stream.of(
                        component.getAnnotatedType().isAnnotationPresent(Nullable.class)
                                        || component.getType() == Optional.class
                                ? "may be left out"
                                : "required",
                        range(field),
                        Optional.ofNullable(field.getAnnotation(Size.class))
                                .map(size -> (size.min() == 0 ? "at most " : size.min() + " to ")
                                        + size.max()
                                        + (Collection.class.isAssignableFrom(component.getType())
                                                        || Map.class.isAssignableFrom(component.getType())
                                                ? " of them"
                                                : " characters"))
                                .orElse(""),
                        Optional.ofNullable(field.getAnnotation(Pattern.class))
                                .map(Pattern::message)
                                .orElse(""))
                .filter(rule -> !rule.isEmpty());
        return rules.collect(Collectors.joining("; "));
    }

    private static String range(AnnotatedElement field) {
        var min = field.getAnnotation(Min.class);
        var max = field.getAnnotation(Max.class);
        if (max == null) {
            return min == null ? "" : "at least %,d".formatted(min.value());
        }
        return min == null ? "" : "%,d to %,d".formatted(min.value(), max.value());
    }

    private static Field field(Class<?> owner, RecordComponent component) {
        try {
            return owner.getDeclaredField(component.getName());
        } catch (NoSuchFieldException e) {
            throw new AssertionError(e);
        }
    }

    // --- problems

    private static String problems() {
        var rows = new TreeMap<String, String>();
        for (var field : problemFields()) {
            ProblemCode code;
            try {
                code = (ProblemCode) field.get(null);
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
            rows.put(
                    "%s %d %s".formatted(code.name(), code.status(), field.getDeclaringClass()),
                    "| `%s` | %d | %s | %s |\n".formatted(code.name(), code.status(), code.fault(), code.remedy()));
        }
        return "| code | status | fault | remedy |\n|---|---|---|---|\n" + String.join("", rows.values());
    }

    private static List<Field> problemFields() {
        var fields = classes(".*Problem", "io.switchboard").stream()
                .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
                .filter(field -> field.getType() == ProblemCode.class && Modifier.isStatic(field.getModifiers()))
                .toList();
        fields.forEach(field -> field.setAccessible(true));
        assertThat(fields).hasSizeGreaterThan(30);
        return fields;
    }

    private static List<Class<?>> classes(String name, String base) {
        var scanner = new ClassPathScanningCandidateComponentProvider(false) {
            @Override
            protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
                return true;
            }
        };
        scanner.addIncludeFilter(new RegexPatternTypeFilter(java.util.regex.Pattern.compile(name)));
        return scanner.findCandidateComponents(base).stream()
                .<Class<?>>map(found -> {
                    try {
                        return Class.forName(found.getBeanClassName());
                    } catch (ClassNotFoundException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }
}
