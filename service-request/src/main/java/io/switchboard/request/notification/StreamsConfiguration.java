package io.switchboard.request.notification;

import io.switchboard.streams.EventStreams;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class StreamsConfiguration {

    @Bean
    EventStreams eventStreams(StreamProperties limits, Clock clock) {
        return new EventStreams("event streams", new EventStreams.Limits(limits.perTenant(), limits.inAll()), clock);
    }
}
