package io.switchboard.configclient.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.configclient.Change;
import io.switchboard.configclient.Live;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class GuideTests {

    private static final Path PAGE = Path.of("../docs/how-to/follow-configuration-live.md");
    private static final Path CODE = Path.of("src/test/java/io/switchboard/configclient/guide");

    @Test
    void theCodeOfThePageIsTheCodeThatIsCompiled() throws Exception {
        String page = Files.readString(PAGE);

        for (String type : List.of("RoutingProperties", "Router", "Greeter", "Workers", "QueueSizes")) {
            String code = Files.readString(CODE.resolve(type + ".java"));
            assertThat(page).contains("```java\n" + code.substring(code.indexOf("\n\n@") + 2) + "```");
        }
        List<String> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(block -> block.group(1))
                .toList();
        assertThat(blocks).hasSize(7);
        assertThat(Files.readString(CODE.resolve("GuideTests.java"))).contains(blocks.get(5));
        assertThat(Files.readString(CODE.resolve("RouterTests.java"))).contains(blocks.get(6));
    }

    /** The last block but one of the page is this test. */
    @Test
    void giveUpWhenTheWaitWasTooLong() {
        var router = new Router(Live.of(new RoutingProperties(Duration.ofSeconds(10), 3)));

        assertThat(router.givesUp(Duration.ofSeconds(11), 1)).isTrue();
        assertThat(router.givesUp(Duration.ofSeconds(9), 1)).isFalse();
    }

    @Test
    void onlyOtherAttemptsRebuildTheQueues() {
        var sizes = new QueueSizes();
        var before = Optional.of(new RoutingProperties(Duration.ofSeconds(10), 3));

        sizes.rebuild(new Change<>(before, Optional.of(new RoutingProperties(Duration.ofSeconds(20), 3))));
        sizes.rebuild(new Change<>(before, Optional.of(new RoutingProperties(Duration.ofSeconds(20), 4))));

        assertThat(sizes.rebuilt()).isEqualTo(1);
    }
}
