package io.switchboard.scheduling.task;

import io.switchboard.contracts.config.ConfigApi;
import io.switchboard.contracts.image.ImagesApi;
import io.switchboard.engine.PullCredentials;
import java.util.Objects;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.service.registry.ImportHttpServices;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class TaskConfiguration {

    /** Tasks of the in-memory engine are values that can't be asked anything. */
    @Bean
    TaskProtocol protocol(
            TaskProperties properties,
            TaskSecrets secrets,
            JsonMapper json,
            @Value("${scheduler.engine:}") String engine) {
        return engine.equals("memory")
                ? (revision, task) -> new Drained.NotAsked()
                : new HttpTaskProtocol(properties.drainTimeout(), secrets, json);
    }

    @Bean
    TaskSecrets taskSecrets(JdbcTemplate jdbc) {
        return new TaskSecrets(
                Objects.requireNonNull(jdbc.queryForObject("select key from task_secret_key", byte[].class)));
    }

    @Bean
    Workloads workloads(ConfigAccess configAccess, TaskSecrets secrets, TaskProperties properties) {
        return new Workloads(configAccess, secrets, properties);
    }

    /** Tasks read their configuration from the config center, unless settings say there is none. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBooleanProperty(name = "scheduler.config-access.enabled", matchIfMissing = true)
    @ImportHttpServices(group = "config-center", types = ConfigApi.class)
    static class WithConfigCenter {

        @Bean
        ConfigAccess configAccess(ConfigApi center) {
            return new RemoteConfigAccess(center);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBooleanProperty(name = "scheduler.config-access.enabled", havingValue = false)
    static class WithoutConfigCenter {

        @Bean
        ConfigAccess configAccess() {
            return (tenant, application, stage, workload) -> {
                throw new ConfigAccess.ConfigCenterSilent("access to the config center is switched off");
            };
        }
    }

    /** Containers' images come from our registry; other engines pull nothing. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "scheduler.engine", havingValue = "docker")
    @ConditionalOnBooleanProperty(name = "scheduler.pull-credentials.enabled", matchIfMissing = true)
    @ImportHttpServices(group = "image-registry", types = ImagesApi.class)
    static class WithImageRegistry {

        @Bean
        PullCredentials pullCredentials(ImagesApi images) {
            return new RegistryPullCredentials(images);
        }
    }
}
