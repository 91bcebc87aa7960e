package io.switchboard.configfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.configprotocol.Format;
import org.junit.jupiter.api.Test;

class SpringDocumentTests {

    @Test
    void aPropertiesFileHasPartsForProfiles() {
        assertThat(SpringDocument.of(Format.PROPERTIES, """
                        retries=3
                        #---
                        spring.config.activate.on-profile=prod
                        retries=5
                        !---
                        spring.profiles: dev
                        retries=1
                        #---
                        region=eu
                        """))
                .containsExactly(
                        new SpringDocument("", "retries=3\nregion=eu\n"),
                        new SpringDocument("prod", "retries=5\n"),
                        new SpringDocument("dev", "retries=1\n"));
    }

    @Test
    void yamlPartsForTheSameProfileAreOneWhoseLaterItemsWin() {
        assertThat(SpringDocument.of(Format.YAML, """
                        # ours
                        ---
                        calls:
                          code: '007'
                          names: [ann, bob]
                          1: one
                        calls.wait: 10s  # seconds
                        ---
                        spring.config.activate.on-profile: prod
                        calls.wait: 30s
                        ---
                        calls:
                          wait: 20s
                          names: [eve]
                        open: true
                        """))
                .containsExactly(new SpringDocument("", """
                                calls:
                                  code: '007'
                                  names: [eve]
                                  '[1]': one
                                  wait: 20s
                                open: true
                                """), new SpringDocument("prod", "calls.wait: 30s\n"));
    }

    @Test
    void anEmptyYamlValueTakesNothingAwayFromBelowIt() {
        for (String empty : new String[] {"", "null", "{}", "[]"}) {
            assertThat(SpringDocument.of(
                            Format.YAML,
                            "server:\n  port: 8080\nname: x\n---\nserver: " + empty + "\nname: " + empty + "\n"))
                    .as(empty)
                    .singleElement()
                    .extracting(SpringDocument::text)
                    .asString()
                    .startsWith("server:\n  port: 8080\nname:")
                    .doesNotContain("x");
        }
    }

    @Test
    void yamlPartsThatCantBeOneAreRefused() {
        for (String second : new String[] {
            "- a\n",
            "a: &x {b: 1}\nc: *x\n",
            "a: &x\n  b: *x\n",
            "a: &x {b: 1}\nc:\n  <<: *x\n",
            "a: &x {b: 1}\nc:\n  <<: [*x, *x]\n",
            "a: @version@\n"
        }) {
            assertThatExceptionOfType(Refused.class)
                    .as(second)
                    .isThrownBy(() -> SpringDocument.of(Format.YAML, "a: 1\n---\n" + second));
        }
    }

    @Test
    void aYamlPartsConditionIsFoundHoweverItIsWritten() {
        String rest = "retries: 5\n";
        for (String condition : new String[] {
            "spring:\n  config:\n    activate:\n      on-profile: prod  # calls run there\n",
            "spring:\n  config.activate.on-profile: 'prod'\n",
            "spring:\n    profiles: prod\n",
            "spring.profiles: prod\n",
            "spring:\n  profiles:\n    - prod\n"
        }) {
            assertThat(SpringDocument.of(Format.YAML, condition + rest))
                    .as(condition)
                    .containsExactly(new SpringDocument("prod", rest));
        }
    }

    @Test
    void whatOnlySharesAConditionsNameStays() {
        String text = "agents:\n  profiles: night\nspring:\n  profiles:\n    active: x\n";

        assertThat(SpringDocument.of(Format.YAML, text)).containsExactly(new SpringDocument("", text));
    }

    @Test
    void whatStandsBesideAConditionStays() {
        assertThat(
                        SpringDocument.of(
                                Format.YAML,
                                "spring:\n  application:\n    name: x\n  config:\n    activate:\n      on-profile: dev | test\n"))
                .containsExactly(new SpringDocument("dev | test", "spring:\n  application:\n    name: x\n"));
    }
}
