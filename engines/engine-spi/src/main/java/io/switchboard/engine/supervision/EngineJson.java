package io.switchboard.engine.supervision;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import io.switchboard.engine.Workload.Health;
import io.switchboard.engine.Workload.Port;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes workloads and launches where their engine keeps them, and reads what an older or newer version wrote. */
public final class EngineJson {

    private EngineJson() {}

    public static JsonMapper mapper() {
        return JsonMapper.builder()
                .addMixIn(Health.class, HealthKinds.class)
                .addMixIn(Port.class, PortText.class)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Health.Running.class, name = "running"),
        @JsonSubTypes.Type(value = Health.Http.class, name = "http")
    })
    private interface HealthKinds {}

    /** Versions that knew no UDP and no media say and hash other ports in the same way. */
    private interface PortText {

        @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        @JsonSetter(nulls = Nulls.AS_EMPTY)
        boolean udp();

        @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        @JsonSetter(nulls = Nulls.AS_EMPTY)
        int count();
    }
}
