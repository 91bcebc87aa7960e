package io.switchboard.request.order;

import io.switchboard.contracts.access.RouteEvent;
import io.switchboard.contracts.scheduling.DeploymentEvent;
import jakarta.jms.ConnectionFactory;
import java.util.Objects;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jms.connection.CachingConnectionFactory;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class FollowConfiguration {

    @Bean
    EventReader deploymentEvents(
            ConnectionFactory broker, JsonMapper json, FollowOrders follow, FollowProperties properties) {
        return new EventReader(
                plain(broker),
                DeploymentEvent.TOPIC,
                text -> new News.OfDeployment(json.readValue(text, DeploymentEvent.class)),
                follow,
                properties);
    }

    @Bean
    EventReader routeEvents(
            ConnectionFactory broker, JsonMapper json, FollowOrders follow, FollowProperties properties) {
        return new EventReader(
                plain(broker),
                RouteEvent.TOPIC,
                text -> new News.OfRoute(json.readValue(text, RouteEvent.class)),
                follow,
                properties);
    }

    /** Spring's cache keeps closed consumers attached, where they would go on collecting messages. */
    private static ConnectionFactory plain(ConnectionFactory broker) {
        return broker instanceof CachingConnectionFactory caching
                ? Objects.requireNonNull(caching.getTargetConnectionFactory())
                : broker;
    }
}
