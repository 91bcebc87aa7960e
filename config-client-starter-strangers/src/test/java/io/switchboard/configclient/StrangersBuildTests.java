package io.switchboard.configclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.configclient.test.TestConfigCenter;
import io.switchboard.configprotocol.NamespacePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/**
 * Applications outside this repository: one with Spring Boot 4's parent, one with the BOM of Spring Boot 3.5. Maven finds what this
 * build has made and downloaded, and nothing else.
 */
class StrangersBuildTests {

    /** As our own build's tests: these JVMs live for seconds. */
    private static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");

    @TempDir
    private Path directory;

    @Test
    void theyBuildWithCoordinatesAlone() throws Exception {
        Path repository = directory.resolve("repository");
        Map<String, Path> published = new LinkedHashMap<>();
        for (Class<?> one : List.of(NamespacePath.class, Live.class, TestConfigCenter.class)) {
            Path jar = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
            try (var entries = new JarFile(jar.toFile())) {
                String name = entries.stream()
                        .map(entry -> entry.getName())
                        .filter(entry -> entry.startsWith("META-INF/maven/io.switchboard/") && entry.endsWith("/pom.xml"))
                        .findFirst()
                        .orElseThrow();
                published.put(publish(repository, name.split("/")[3], jar, entries), jar);
            }
        }
        for (String pom : published.keySet()) {
            assertThat(pom).doesNotContain("<parent>").doesNotContain("${");
            assertThat(needs(pom)).isSubsetOf("config-protocol", "config-client-starter", "config-client-starter-test");
        }
        Path project = project(published.keySet().stream().collect(Collectors.joining()));

        assertThat(build(project, repository)).isEmpty();

        for (String module : List.of("with-parent", "with-bom")) {
            assertThat(project.resolve(module + "/target/surefire-reports/com.example.DeskTests.txt"))
                    .content()
                    .contains("Tests run: 1, Failures: 0, Errors: 0, Skipped: 0");
        }
    }

    /** @return its pom */
    private static String publish(Path repository, String artifact, Path jar, JarFile entries) throws IOException {
        try (InputStream in =
                entries.getInputStream(entries.getEntry("META-INF/maven/io.switchboard/" + artifact + "/pom.xml"))) {
            String pom = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            String version = first(VERSION, pom);
            Path place = repository.resolve("io/switchboard/" + artifact + "/" + version);
            Files.createDirectories(place);
            Files.writeString(place.resolve(artifact + "-" + version + ".pom"), pom);
            Files.copy(jar, place.resolve(artifact + "-" + version + ".jar"));
            return pom;
        }
    }

    private static List<String> needs(String pom) {
        List<String> needs = new ArrayList<>();
        Matcher ours = Pattern.compile("<groupId>io.switchboard</groupId>\\s*<artifactId>([^<]+)<").matcher(pom);
        while (ours.find()) {
            needs.add(ours.group(1));
        }
        return needs;
    }

    private Path project(String poms) throws Exception {
        Path sources = Path.of(getClass().getResource("/stranger").toURI());
        Path project = directory.resolve("project");
        FileSystemUtils.copyRecursively(sources, project);
        for (String module : List.of("with-parent", "with-bom")) {
            FileSystemUtils.copyRecursively(sources.resolve("src"), project.resolve(module + "/src"));
            Path pom = project.resolve(module + "/pom.xml");
            String text = Files.readString(pom)
                    .replace("@switchboard@", first(VERSION, poms));
            for (String name : List.of("boot3", "boot4", "resources", "compiler", "surefire")) {
                text = text.replace("@" + name + "@", System.getProperty("stranger." + name));
            }
            Files.writeString(pom, text);
        }
        return project;
    }

    /** @return what Maven had to say, nothing if all went well */
    private static String build(Path project, Path repository) throws Exception {
        Path log = project.resolve("build.log");
        String downloaded = Stream.of(System.getProperty("stranger.repository"), System.getProperty("maven.repo.local.tail"))
                .filter(each -> each != null && !each.isEmpty())
                .collect(Collectors.joining(","));
        var command = new ProcessBuilder(Stream.concat(
                        Stream.of(Path.of(System.getProperty("stranger.maven"), "bin", "mvn").toString()),
                        Stream.of(
                                "-B",
                                "-q",
                                "-o",
                                "-Dmaven.repo.local=" + repository,
                                "-Dmaven.repo.local.tail=" + downloaded,
                                "-DargLine=" + SHORT_LIVED,
                                "test"))
                .toList());
        command.directory(project.toFile());
        command.environment().put("JAVA_HOME", System.getProperty("java.home"));
        command.environment().put("MAVEN_OPTS", SHORT_LIVED);
        command.environment().remove("MAVEN_ARGS");
        Process maven = command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            boolean ended = maven.waitFor(10, TimeUnit.MINUTES);
            return ended && maven.exitValue() == 0 ? "" : Files.readString(log) + "\nended: " + ended;
        } finally {
            maven.descendants().forEach(ProcessHandle::destroyForcibly);
            maven.destroyForcibly();
        }
    }

    private static String first(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        assertThat(found.find()).as(pattern.pattern()).isTrue();
        return found.group(1);
    }
}
