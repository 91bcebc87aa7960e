package io.switchboard.configclient.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.test.context.TestPropertySource;

/**
 * Beside {@code @SpringBootTest}: the application follows a config center of its own, in which nothing is published yet. The test
 * publishes with the bean {@link TestConfigCenter}. The namespace {@code application} is there from the beginning; others are if the
 * property {@value #NAMESPACES} names them, separated by commas.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@TestPropertySource(properties = ConfigCenterTest.ENABLED + "=true")
public @interface ConfigCenterTest {

    String NAMESPACES = "switchboard.config.test.namespaces";

    String ENABLED = "switchboard.config.test.enabled";
}
