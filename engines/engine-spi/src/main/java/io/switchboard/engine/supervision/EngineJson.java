package io.switchboard.engine.supervision;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.switchboard.engine.Workload.Health;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes workloads and launches where their engine keeps them, and reads what an older or newer version wrote. */
public final class EngineJson {

    private EngineJson() {}

    public static JsonMapper mapper() {
        return JsonMapper.builder()
                .addMixIn(Health.class, HealthKinds.class)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Health.Running.class, name = "running"),
        @JsonSubTypes.Type(value = Health.Http.class, name = "http")
    })
    private interface HealthKinds {}
}
