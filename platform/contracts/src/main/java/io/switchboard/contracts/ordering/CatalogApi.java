package io.switchboard.contracts.ordering;

import io.switchboard.contracts.scheduling.Consumption;
import io.switchboard.contracts.scheduling.PortSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/** What can be ordered. */
@HttpExchange("/api/v1/catalog")
public interface CatalogApi {

    @GetExchange
    List<ServiceType> catalog();

    @GetExchange("/{serviceType}")
    ServiceType serviceType(@PathVariable String serviceType);

    /** Pins the image that orders of this type run from now on; operators only. Instances keep theirs. */
    @PutExchange("/{serviceType}/image")
    ServiceType pinImage(@PathVariable String serviceType, @RequestBody ImagePin pin);

    /**
     * @param reference repository with digest, for example {@code platform/acd@sha256:…}, a bare name that only the
     *     process engine knows, or what the settings name, which takes a pin back
     */
    record ImagePin(String reference) {}

    /**
     * @param name short, lower case, for example {@code acd}
     * @param image what its tasks run; empty while no image is pinned, and then it can't be ordered
     * @param ports where its tasks listen
     */
    record ServiceType(
            String name,
            String title,
            String description,
            Optional<String> image,
            List<PortSpec> ports,
            Consumption consumption,
            List<Plan> plans) {

        public ServiceType {
            ports = List.copyOf(ports);
            plans = List.copyOf(plans);
        }
    }

    /**
     * @param minTasks tasks that always run, at least 1
     * @param maxTasks more than these an order can't get
     * @param spareTasks tasks beyond what the load needs, so that losing as many loses no capacity
     * @param parametersSchema JSON schema (2020-12) of an order's {@code parameters}; {@code configurationKey} says under which
     *     key tasks start with it
     */
    record Plan(
            String name,
            String title,
            String description,
            int minTasks,
            int maxTasks,
            int spareTasks,
            Map<String, Object> parametersSchema) {

        /** Keyword of a parameter's schema: where tasks find it. */
        public static final String CONFIGURATION_KEY = "configurationKey";

        public Plan {
            parametersSchema = Map.copyOf(parametersSchema);
        }
    }
}
