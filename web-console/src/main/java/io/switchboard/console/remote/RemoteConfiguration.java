package io.switchboard.console.remote;

import io.switchboard.console.session.AccessTokens;
import io.switchboard.console.session.SignInNeeded;
import io.switchboard.contracts.access.AccessApi;
import io.switchboard.contracts.access.DomainsApi;
import io.switchboard.contracts.config.ApplicationsApi;
import io.switchboard.contracts.config.CanaryApi;
import io.switchboard.contracts.config.ConfigApi;
import io.switchboard.contracts.config.HistoryApi;
import io.switchboard.contracts.config.InheritanceApi;
import io.switchboard.contracts.config.ReviewApi;
import io.switchboard.contracts.config.ScheduleApi;
import io.switchboard.contracts.config.SecretsApi;
import io.switchboard.contracts.config.StagesApi;
import io.switchboard.contracts.config.ValidationApi;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.ordering.CatalogApi;
import io.switchboard.contracts.ordering.OrdersApi;
import io.switchboard.contracts.ordering.TenantsApi;
import io.switchboard.contracts.scheduling.AutoscalingApi;
import io.switchboard.contracts.scheduling.NodesApi;
import io.switchboard.contracts.scheduling.RolloutsApi;
import io.switchboard.contracts.scheduling.SchedulerApi;
import java.io.IOException;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer;
import org.springframework.web.service.registry.ImportHttpServices;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
@ImportHttpServices(
        group = "service-request",
        types = {OrdersApi.class, CatalogApi.class, TenantsApi.class})
@ImportHttpServices(group = "service-request-events", types = OrderEvents.class)
@ImportHttpServices(
        group = "service-scheduler",
        types = {SchedulerApi.class, RolloutsApi.class, AutoscalingApi.class, NodesApi.class})
@ImportHttpServices(
        group = "service-access",
        types = {AccessApi.class, DomainsApi.class})
@ImportHttpServices(group = "service-scheduler-events", types = DeploymentLogs.class)
@ImportHttpServices(
        group = "config-center",
        types = {
            ConfigApi.class,
            SecretsApi.class,
            ReviewApi.class,
            HistoryApi.class,
            ScheduleApi.class,
            ValidationApi.class,
            CanaryApi.class,
            InheritanceApi.class,
            StagesApi.class,
            ApplicationsApi.class
        })
class RemoteConfiguration {

    @Bean
    RestClientHttpServiceGroupConfigurer callsForTheViewer(AccessTokens tokens, JsonMapper json) {
        return groups -> {
            groups.forEachClient((group, client) -> {
                String service = group.name().replace("-events", "");
                client.requestInterceptor(new CallsForTheViewer(service, tokens));
                client.defaultStatusHandler(HttpStatusCode::isError, (request, response) -> {
                    throw problem(response, service, json);
                });
            });
            // Who calls is told by the token; the contract's parameter for it is the server's.
            groups.forEachProxyFactory((group, factory) -> factory.customArgumentResolver(
                    (argument, parameter, values) -> parameter.getParameterType() == Caller.class));
        };
    }

    private static RuntimeException problem(ClientHttpResponse response, String service, JsonMapper json)
            throws IOException {
        int status = response.getStatusCode().value();
        if (status == HttpStatus.UNAUTHORIZED.value()) {
            return new SignInNeeded();
        }
        try {
            byte[] body = response.getBody().readAllBytes();
            return RemoteProblem.of(status, service, json.readValue(body, new TypeReference<Map<String, Object>>() {}));
        } catch (JacksonException noProblemDocument) {
            return RemoteProblem.of(status, service, Map.of());
        }
    }
}
