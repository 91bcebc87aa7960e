package io.switchboard.request.order;

import io.switchboard.contracts.access.RouteEvent;
import io.switchboard.contracts.scheduling.DeploymentEvent;
import jakarta.jms.ConnectionFactory;
import java.util.List;
import java.util.Objects;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jms.connection.CachingConnectionFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class FollowConfiguration {

    @Bean
    EventReader deploymentEvents(
            ConnectionFactory broker, JsonMapper json, FollowOrders follow, FollowProperties properties) {
        return new EventReader(
                plain(broker),
                DeploymentEvent.TOPIC,
                text -> events(json, text, DeploymentEvent.class).stream()
                        .<News>map(News.OfDeployment::new)
                        .toList(),
                follow,
                properties);
    }

    @Bean
    EventReader routeEvents(
            ConnectionFactory broker, JsonMapper json, FollowOrders follow, FollowProperties properties) {
        return new EventReader(
                plain(broker),
                RouteEvent.TOPIC,
                text -> events(json, text, RouteEvent.class).stream()
                        .<News>map(News.OfRoute::new)
                        .toList(),
                follow,
                properties);
    }

    private static <T> List<T> events(JsonMapper json, String text, Class<T> type) {
        return json.readerForListOf(type)
                .with(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                .readValue(text);
    }

    /** Spring's cache keeps closed consumers attached, where they would go on collecting messages. */
    private static ConnectionFactory plain(ConnectionFactory broker) {
        return broker instanceof CachingConnectionFactory caching
                ? Objects.requireNonNull(caching.getTargetConnectionFactory())
                : broker;
    }
}
