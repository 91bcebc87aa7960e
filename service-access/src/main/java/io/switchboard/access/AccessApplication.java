package io.switchboard.access;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

@SpringBootApplication
@ConfigurationPropertiesScan
public class AccessApplication {

    /** This service as a context of its own, reading {@code service-access.yaml}. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(AccessApplication.class).properties("spring.config.name=service-access");
    }

    public static void main(String[] args) {
        application().run(args);
    }
}
