package io.switchboard.samples.acd.floor;

import io.switchboard.configclient.Live;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

@Configuration(proxyBeanMethods = false)
@EnableScheduling
class FloorConfiguration {

    @Bean
    Floor floor(Live<AcdProperties> settings) {
        return new Floor(Clock.systemUTC(), settings);
    }

    @Bean
    Heartbeat heartbeat(Floor floor) {
        return new Heartbeat(floor);
    }

    /** Lets time pass on the floor; 100 ms is what a caller doesn't notice. */
    record Heartbeat(Floor floor) {

        @Scheduled(fixedDelay = 100)
        void beat() {
            floor.tick();
        }
    }
}
