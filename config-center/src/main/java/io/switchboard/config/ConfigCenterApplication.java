package io.switchboard.config;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

@SpringBootApplication
@ConfigurationPropertiesScan
public class ConfigCenterApplication {

    /** This service as a context of its own, reading {@code config-center.yaml}. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(ConfigCenterApplication.class)
                .properties("spring.config.name=config-center");
    }

    public static void main(String[] args) {
        application().run(args);
    }
}
