package io.switchboard.configclient.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.configprotocol.NamespacePath;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** What processes of one build leave with the center. */
class BuildsTests {

    private static final NamespacePath PATH = TestCenter.DESK;

    @TempDir
    private Path cache;

    @Test
    void processesThatFindOtherNamesElsewhereLeaveTheirOwnAndEqualOnesShareIt() throws Exception {
        try (var center = new TestCenter()) {
            center.create(PATH);
            center.createBuilds(PATH);
            String north = build(center, "north", "site.north-gate=1");
            String south = build(center, "south", "site.south-gate=1");

            assertThat(build(center, "again", "site.north-gate=2")).isEqualTo(north);
            assertThat(south).isNotEqualTo(north);
            assertThat(center.build(PATH, north).elsewhere())
                    .contains("site.north-gate")
                    .doesNotContain("site.south-gate");
            assertThat(center.build(PATH, south).elsewhere())
                    .contains("site.south-gate")
                    .doesNotContain("site.north-gate");
        }
    }

    private String build(TestCenter center, String client, String property) throws Exception {
        try (var application = center.start(
                Application.class, PATH, cache.resolve(client), "switchboard.config.client=" + client, property)) {
            assertThat(application.isRunning()).isTrue();
            return await().until(
                            () -> center.reports(PATH).stream()
                                    .filter(report -> report.client().equals(client))
                                    .flatMap(report -> report.build().stream())
                                    .findFirst()
                                    .orElse(""),
                            build -> !build.isEmpty());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
