package io.switchboard.image.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            repository:acme/app:pull              | repository         | acme/app           | pull
            repository:acme/app:pull,push         | repository         | acme/app           | pull,push
            repository:acme/app:push,pull,pull    | repository         | acme/app           | pull,push
            repository:app:pull                   | repository         | app                | pull
            repository:acme/a.b_c__d-e--f/g:pull  | repository         | acme/a.b_c__d-e--f/g | pull
            repository:host:5000/acme/app:pull    | repository         | host:5000/acme/app | pull
            repository:Host.Example/acme/app:pull | repository         | Host.Example/acme/app | pull
            repository:acme/app:*                 | repository         | acme/app           | *
            registry:catalog:*                    | registry           | catalog            | *
            repository(plugin):acme/app:pull      | repository(plugin) | acme/app           | pull
            """)
    void aScopeIsCutAtItsFirstAndLastColon(String text, String type, String name, String actions) {
        assertThat(Scope.parse(List.of(text)))
                .containsExactly(new Scope(type, name, Set.copyOf(Arrays.asList(actions.split(",")))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "repository",
                "repository:pull",
                ":acme/app:pull",
                "repository::pull",
                "repository:acme/app:",
                "repository:acme/app:pull,",
                "repository:acme/app:,pull",
                "repository:acme/app:Pull",
                "repository:acme/app:pull push",
                "repository:acme/App:pull",
                "repository:acme//app:pull",
                "repository:/acme/app:pull",
                "repository:acme/app/:pull",
                "repository:acme/../platform/app:pull",
                "repository:acme/.app:pull",
                "repository:acme/app_:pull",
                "repository:acme/a___b:pull",
                "repository:acme%2fapp:pull",
                "repository:acme/äpp:pull",
                "repository:host:port/acme/app:pull",
                "Repository:acme/app:pull",
                "repository(:acme/app:pull",
                "repository:acme/app:pull  repository:acme/b:pull",
                " repository:acme/app:pull",
                "repository:acme/app:pull\n"
            })
    void aScopeThatBreaksTheGrammarIsRefused(String text) {
        assertThatThrownBy(() -> Scope.parse(List.of(text))).isInstanceOf(Scope.MalformedScope.class);
    }

    @Test
    void scopesMayRepeatAndShareAParameter() {
        assertThat(Scope.parse(List.of(
                        "repository:acme/app:pull repository:platform/base:pull", "", "repository:acme/app:push")))
                .containsExactly(
                        new Scope("repository", "acme/app", Set.of("pull", "push")),
                        new Scope("repository", "platform/base", Set.of("pull")));
    }

    @Test
    void namesAndNumbersAreBounded() {
        var long255 = "a".repeat(255);
        var many = IntStream.range(0, 21)
                .mapToObj(n -> "repository:acme/app" + n + ":pull")
                .toList();

        assertThat(Scope.parse(List.of("repository:" + long255 + ":pull"))).hasSize(1);
        assertThatThrownBy(() -> Scope.parse(List.of("repository:a" + long255 + ":pull")))
                .isInstanceOf(Scope.MalformedScope.class);
        assertThat(Scope.parse(many.subList(0, 20))).hasSize(20);
        assertThatThrownBy(() -> Scope.parse(many)).isInstanceOf(Scope.MalformedScope.class);
    }
}
