package io.switchboard.request.catalog;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import com.networknt.schema.path.NodePath;
import io.switchboard.contracts.ordering.CatalogApi.Plan;
import io.switchboard.contracts.ordering.CatalogApi.ServiceType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/** The plans' JSON schemas, ready to be held against parameters by many threads. */
final class ParameterChecks {

    /** More would not help anyone to correct them. */
    private static final int MOST_ERRORS = 50;

    /** Where a parameter goes says nothing of what it may be. */
    private static final Dialect DIALECT = Dialect.builder(Dialects.getDraft202012())
            .keyword(new NonValidationKeyword(Plan.CONFIGURATION_KEY))
            .build();

    private final JsonMapper json = JsonMapper.shared();
    private final Map<Key, Schema> schemas = new HashMap<>();

    private record Key(String serviceType, String plan) {}

    ParameterChecks(List<ServiceType> types) {
        var registry = SchemaRegistry.withDefaultDialect(DIALECT);
        for (var type : types) {
            for (var plan : type.plans()) {
                schemas.put(
                        new Key(type.name(), plan.name()),
                        registry.getSchema(json.valueToTree(plan.parametersSchema())));
            }
        }
    }

    /**
     * All that is wrong with an order's parameters, in the form the edge uses for body fields too.
     *
     * @param serviceType one of those this was made of, as is the plan
     */
    List<Map<String, String>> errors(String serviceType, String plan, Map<String, Object> parameters) {
        if (parameters.isEmpty()) {
            return List.of();
        }
        var schema = Objects.requireNonNull(schemas.get(new Key(serviceType, plan)));
        return schema.validate(json.valueToTree(parameters)).stream()
                .limit(MOST_ERRORS)
                .map(error -> Map.of("field", field(error.getInstanceLocation()), "message", error.getMessage()))
                .toList();
    }

    /** As the edge names fields of a body: {@code parameters.queues[0].name}. */
    private static String field(NodePath location) {
        var field = new StringBuilder("parameters");
        for (int i = 0; i < location.getNameCount(); i++) {
            if (location.getElement(i) instanceof Integer index) {
                field.append('[').append(index.intValue()).append(']');
            } else {
                field.append('.').append(location.getElement(i));
            }
        }
        return field.toString();
    }
}
