package com.example;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

@SpringBootApplication
@EnableConfigurationProperties(DeskApplication.Routing.class)
public class DeskApplication {

    @ConfigurationProperties("routing")
    record Routing(@DefaultValue("3") int attempts) {}

    public static void main(String[] arguments) {
        SpringApplication.run(DeskApplication.class, arguments);
    }
}
