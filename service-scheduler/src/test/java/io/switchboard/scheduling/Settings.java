package io.switchboard.scheduling;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;

/** Settings of the scheduler, bound and validated as at its start. */
public final class Settings {

    private Settings() {}

    /**
     * @param binding enables the properties
     * @param properties without the prefix {@code scheduler.}
     */
    public static ApplicationContextRunner given(Class<?> binding, String... properties) {
        var runner = new ApplicationContextRunner()
                .withUserConfiguration(binding)
                .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class));
        for (var property : properties) {
            runner = runner.withPropertyValues("scheduler." + property);
        }
        return runner;
    }
}
