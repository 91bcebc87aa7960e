package io.switchboard.request;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

@SpringBootApplication
@ConfigurationPropertiesScan
public class RequestApplication {

    /** This service as a context of its own, reading {@code service-request.yaml}. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(RequestApplication.class).properties("spring.config.name=service-request");
    }

    public static void main(String[] args) {
        application().run(args);
    }
}
