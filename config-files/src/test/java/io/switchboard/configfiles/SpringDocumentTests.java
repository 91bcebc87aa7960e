package io.switchboard.configfiles;

import static org.assertj.core.api.Assertions.assertThat;

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
