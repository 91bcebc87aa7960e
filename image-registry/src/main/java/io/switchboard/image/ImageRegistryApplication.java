package io.switchboard.image;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

@SpringBootApplication
@ConfigurationPropertiesScan
public class ImageRegistryApplication {

    /** This service as a context of its own, reading {@code image-registry.yaml}. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(ImageRegistryApplication.class)
                .properties("spring.config.name=image-registry");
    }

    public static void main(String[] args) {
        application().run(args);
    }
}
