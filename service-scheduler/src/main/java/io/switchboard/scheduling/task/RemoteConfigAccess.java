package io.switchboard.scheduling.task;

import io.switchboard.contracts.config.ConfigApi;
import io.switchboard.contracts.config.ConfigApi.AccessRequest;
import java.util.Map;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

/** Asks the config center each time, so that no secret is kept here. */
final class RemoteConfigAccess implements ConfigAccess {

    private final ConfigApi center;

    RemoteConfigAccess(ConfigApi center) {
        this.center = center;
    }

    @Override
    public Map<String, String> environment(String tenant, String application, String stage, String workload) {
        try {
            return center.readAccess(new AccessRequest(tenant, application, stage, workload))
                    .environment();
        } catch (RestClientResponseException e) {
            throw new ConfigCenterSilent(
                    "the config center answered " + e.getStatusCode().value());
        } catch (RestClientException | IllegalStateException e) {
            // An unknown service name is an IllegalStateException of the load balancer.
            throw new ConfigCenterSilent("the config center gave no answer");
        }
    }
}
