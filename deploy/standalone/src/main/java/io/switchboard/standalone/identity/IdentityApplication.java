package io.switchboard.standalone.identity;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

@SpringBootApplication
@ConfigurationPropertiesScan
public class IdentityApplication {

    /** The issuer as a context of its own, reading {@code identity.yaml}. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(IdentityApplication.class).properties("spring.config.name=identity");
    }
}
