package io.switchboard.scheduling;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

@SpringBootApplication
@ConfigurationPropertiesScan
public class SchedulerApplication {

    /** This service as a context of its own, reading {@code service-scheduler.yaml}. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(SchedulerApplication.class)
                .properties("spring.config.name=service-scheduler");
    }

    public static void main(String[] args) {
        application().run(args);
    }
}
