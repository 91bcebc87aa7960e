package io.switchboard.configclient.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.configclient.Change;
import io.switchboard.configclient.Live;
import io.switchboard.configclient.OnConfigurationChange;
import io.switchboard.configprotocol.SpringMetadata;
import java.util.List;
import java.util.stream.Stream;
import org.apache.zookeeper.ClientCnxnSocketNIO;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

/** What is made of an application ahead of its start, as for a native image. */
class NativeTests {

    @Test
    void anApplicationIsProcessedAheadOfTimeAndAllThatReleasesReachIsKept() throws Exception {
        var generation = new DefaultGenerationContext(
                new ClassNameGenerator(ClassName.get("generated", "Application")), new InMemoryGeneratedFiles());
        try (var application = new AnnotationConfigApplicationContext()) {
            application.register(Application.class);
            new ApplicationContextAotGenerator().processAheadOfTime(application, generation);
        }
        generation.writeGeneratedContent();

        RuntimeHints hints = generation.getRuntimeHints();
        var reflection = RuntimeHintsPredicates.reflection();
        assertThat(Stream.of(
                        reflection.onFieldAccess(Greeter.class, "text"),
                        reflection.onMethodInvocation(Greeter.class.getDeclaredMethod("setPause", String.class)),
                        reflection.onMethodInvocation(Greeter.class.getDeclaredMethod("changed", Change.class)),
                        reflection.onConstructorInvocation(RoutingProperties.class.getDeclaredConstructor(int.class)),
                        reflection.onConstructorInvocation(
                                Opening.class.getDeclaredConstructor(int.class, Lunch.class)),
                        reflection.onConstructorInvocation(Lunch.class.getDeclaredConstructor(int.class)),
                        reflection.onConstructorInvocation(
                                SwitchboardConfigProperties.class.getDeclaredConstructors()[0]),
                        reflection.onMethodInvocation(HealthEndpoint.class.getMethod("health")),
                        reflection
                                .onType(ClientCnxnSocketNIO.class)
                                .withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS),
                        RuntimeHintsPredicates.resource().forResource(SpringMetadata.FILE)))
                .allMatch(predicate -> predicate.test(hints));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableConfigurationProperties(RoutingProperties.class)
    @Import({Greeter.class, Router.class})
    static class Application {}

    static class Greeter {

        @Value("${greeting.text:Hello}")
        private volatile String text = "";

        private volatile String pause = "";

        @Value("${greeting.pause:2s}")
        void setPause(String pause) {
            this.pause = pause;
        }

        @OnConfigurationChange("opening")
        void opened(Change<List<Opening>> change) {}

        @OnConfigurationChange("attempts")
        void tried(Change<Integer> change) {}

        @OnConfigurationChange("routing")
        private void changed(Change<RoutingProperties> change) {
            text = pause;
        }
    }

    /** Bound for a listener and nobody else. */
    record Opening(int hour, Lunch lunch) {}

    record Lunch(int minutes) {}

    record Router(Live<RoutingProperties> routing) {}

    @ConfigurationProperties("routing")
    record RoutingProperties(@DefaultValue("9") int attempts) {}
}
