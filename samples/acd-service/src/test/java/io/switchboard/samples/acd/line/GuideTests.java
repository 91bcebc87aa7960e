package io.switchboard.samples.acd.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** docs/how-to/write-a-service.md shows what is compiled here, and what its commands answer. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "calls.port=0")
class GuideTests {

    private static final Path PAGE = Path.of("../../docs/how-to/write-a-service.md");
    private static final Path CODE = Path.of("src/main/java/io/switchboard/samples/acd/floor");

    @Test
    void theCodeOfThePageIsTheCodeThatIsCompiled() throws Exception {
        var secret = Files.readString(CODE.resolve("PlatformOnly.java"));
        var drain = Files.readString(CODE.resolve("DrainController.java"));

        assertThat(blocks("java")).hasSize(2);
        assertThat(secret).contains(blocks("java").getFirst());
        assertThat(blocks("java").getLast()).isEqualTo(drain.substring(drain.indexOf("@RestController")));
    }

    @Test
    void theSettingsOfThePageAreTheSamplesAndTheCatalogs() throws Exception {
        var yaml = blocks("yaml");

        assertThat(Files.readString(Path.of("../../service-request/src/main/resources/catalog/acd.yaml")))
                .contains(yaml.getFirst());
        assertThat(Files.readString(Path.of("src/main/resources/application.yaml")))
                .contains(yaml.getLast());
    }

    @Test
    void theCommandsOfThePageAnswerWhatItSays(@Autowired CallServer calls, @LocalServerPort int http) throws Exception {
        var commands =
                blocks("bash").getLast().replace("/8090", "/" + calls.port()).replace(":8080/", ":" + http + "/");

        var bash = new ProcessBuilder("bash", "-c", commands)
                .redirectErrorStream(true)
                .start();
        var answered = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(bash.waitFor()).isZero();
        assertThat(masked(answered)).isEqualTo(masked(blocks("text").getFirst()));
    }

    /** Ids and seconds are different each time. */
    private static String masked(String text) {
        return text.replaceAll("[0-9a-f-]{36}", "ID").replaceAll("\\d+\\.\\d+", "SECONDS");
    }

    private static List<String> blocks(String language) throws Exception {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE))
                .results()
                .map(block -> block.group(1))
                .toList();
    }
}
