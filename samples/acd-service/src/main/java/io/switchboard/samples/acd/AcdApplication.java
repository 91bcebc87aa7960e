package io.switchboard.samples.acd;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

@SpringBootApplication
@ConfigurationPropertiesScan
public class AcdApplication {

    public static void main(String[] args) {
        SpringApplication.run(AcdApplication.class, args);
    }
}
