package io.switchboard.contracts.ordering;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.switchboard.contracts.scheduling.Canary;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /api/v1/orders}; {@code kind} tells which one. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = OrderRequest.Open.class, name = "OPEN"),
    @JsonSubTypes.Type(value = OrderRequest.Extend.class, name = "EXTEND"),
    @JsonSubTypes.Type(value = OrderRequest.Upgrade.class, name = "UPGRADE"),
    @JsonSubTypes.Type(value = OrderRequest.Restart.class, name = "RESTART"),
    @JsonSubTypes.Type(value = OrderRequest.Delete.class, name = "DELETE")
})
public sealed interface OrderRequest {

    OrderKind kind();

    /**
     * Asks for a new service instance.
     *
     * @param serviceType a type of the catalog, for example {@code acd}
     * @param plan a plan of that type, for example {@code standard}
     * @param name what the tenant calls the instance; unique among its living instances, part of host names
     * @param parameters settings of the plan, checked against its JSON schema; empty if absent
     * @param dependsOn living instances of the tenant that have to be as they should be before this one starts, or
     *     starts anew after a change; none if absent
     */
    record Open(
            @NotBlank String serviceType,
            @NotBlank String plan,

            @NotNull
            @Pattern(
                    regexp = "[a-z]([a-z0-9-]{0,38}[a-z0-9])?",
                    message = "must be lower-case letters, digits and dashes, start with a letter, end with a letter or"
                            + " digit, and have at most 40 characters")
            String name,

            @NotNull @Valid LoadProfile loadProfile,

            @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable
            Map<String, Object> parameters,

            @JsonInclude(JsonInclude.Include.NON_EMPTY) @Size(max = 10) @Nullable
            Set<@NotNull UUID> dependsOn)
            implements OrderRequest {

        @Override
        public OrderKind kind() {
            return OrderKind.OPEN;
        }
    }

    /** Asks for another load profile of an instance; it may also be smaller than the last. */
    record Extend(@NotNull UUID instanceId, @NotNull @Valid LoadProfile loadProfile) implements OrderRequest {

        @Override
        public OrderKind kind() {
            return OrderKind.EXTEND;
        }
    }

    /**
     * Asks for the image that the catalog offers now, without losing a call; for an instance that runs it already
     * nothing changes.
     *
     * @param canary the trial that the new tasks have to pass first; none if absent
     */
    record Upgrade(
            @NotNull UUID instanceId,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Valid @Nullable
            Canary canary) implements OrderRequest {

        @Override
        public OrderKind kind() {
            return OrderKind.UPGRADE;
        }
    }

    /** Asks for every task to be replaced by a fresh one, without losing a call. */
    record Restart(@NotNull UUID instanceId) implements OrderRequest {

        @Override
        public OrderKind kind() {
            return OrderKind.RESTART;
        }
    }

    /** Asks for the end of an instance and all that belongs to it. */
    record Delete(@NotNull UUID instanceId) implements OrderRequest {

        @Override
        public OrderKind kind() {
            return OrderKind.DELETE;
        }
    }
}
