package io.switchboard.configclient.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.configprotocol.NamespacePath;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Starts while several namespaces are published together, again and again. */
class StartTests {

    private static final List<NamespacePath> NAMESPACES =
            List.of(TestCenter.DESK, TestCenter.DESK.sibling("routing"), TestCenter.DESK.sibling("hours"));

    private static final int STARTS = 20;

    @TempDir
    private Path cache;

    @Test
    void aStartInTheMiddleOfReleasesSeesAllNamespacesAtOneMoment() throws Exception {
        try (var center = new TestCenter()) {
            for (NamespacePath path : NAMESPACES) {
                center.create(path);
            }
            var over = new AtomicBoolean();
            var first = new CountDownLatch(1);
            var publishing = new FutureTask<>(() -> {
                long number = 0;
                while (!over.get()) {
                    number++;
                    publish(center, number);
                    first.countDown();
                }
                return number;
            });
            new Thread(publishing).start();
            first.await();

            Set<String> seen = new HashSet<>();
            try {
                for (int start = 0; start < STARTS; start++) {
                    try (var context = center.start(
                            Application.class,
                            TestCenter.DESK,
                            cache,
                            "spring.config.import=switchboard:,switchboard:routing,optional:switchboard:hours")) {
                        Stamps stamps = context.getBean(Stamps.class);
                        assertThat(stamps.all).hasSize(1);
                        seen.addAll(stamps.all);
                    }
                }
            } finally {
                over.set(true);
                publishing.get();
            }
            assertThat(seen).hasSizeGreaterThan(1);
        }
    }

    private static void publish(TestCenter center, long number) throws Exception {
        Map<NamespacePath, Map<String, String>> together = new HashMap<>();
        for (NamespacePath path : NAMESPACES) {
            together.put(path, Map.of(path.namespace() + ".stamp", "release " + number));
        }
        center.publish(number, together);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Stamps.class)
    static class Application {}

    /** As they were when it was made, before anything was followed. */
    static class Stamps {

        private final Set<String> all;

        Stamps(
                @Value("${application.stamp}") String application,
                @Value("${routing.stamp}") String routing,
                @Value("${hours.stamp}") String hours) {
            all = new HashSet<>(List.of(application, routing, hours));
        }
    }
}
