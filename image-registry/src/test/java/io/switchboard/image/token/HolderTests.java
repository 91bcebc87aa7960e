package io.switchboard.image.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HolderTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "nothing", textBlock = """
            acme     | repository:acme/app:pull,push,delete,* | pull,push
            acme     | repository:acme/deep/er/app:push       | push
            acme     | repository:acme:push                   | nothing
            acme     | repository:acmeevil/app:pull           | nothing
            acme     | repository:globex/app:pull,push        | nothing
            acme     | repository:acme:5000/app:push          | nothing
            acme     | repository:host:5000/acme/app:push     | nothing
            acme     | repository:platform/acd:pull,push      | pull
            acme     | registry:catalog:*                     | nothing
            acme     | repository(plugin):acme/app:pull       | nothing
            platform | repository:platform/acd:pull,push      | pull
            OPERATOR | repository:globex/app:pull,push,delete | delete,pull,push
            OPERATOR | repository:platform/acd:push           | push
            OPERATOR | registry:catalog:*                     | *
            OPERATOR | registry:other:*                       | nothing
            PULLER   | repository:acme/app:pull,push          | pull
            PULLER   | repository:acme/app2:pull              | nothing
            PULLER   | repository:platform/acd:pull           | nothing
            """)
    void aGrantIsWhatWasAskedForAndIsAllowed(String who, String asked, String granted) {
        var holder = switch (who) {
            case "OPERATOR" -> new Holder.Operator();
            case "PULLER" -> new Holder.Puller("acme/app");
            default -> new Holder.Tenant(who);
        };

        var access = holder.grant(Scope.parse(List.of(asked)));

        var expected = granted == null ? List.<String>of() : Arrays.asList(granted.split(","));
        assertThat(access.stream().flatMap(entry -> entry.actions().stream()).collect(Collectors.toList()))
                .isEqualTo(expected);
    }

    @Test
    void whatIsNotAllowedIsLeftOutAndTheRestStays() {
        var asked = Scope.parse(List.of("repository:acme/app:push repository:globex/app:pull"));

        assertThat(new Holder.Tenant("acme").grant(asked))
                .containsExactly(new Access("repository", "acme/app", List.of("push")));
    }
}
