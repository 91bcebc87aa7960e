package io.switchboard.configprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommentRulesTests {

    @Test
    void charactersAreCountedHoweverTheyAreStored() {
        String phone = "\uD83D\uDCDE";

        assertThat(CommentRules.length(phone)).isEqualTo(1);
        assertThat(CommentRules.isTooLong(phone.repeat(CommentRules.LONGEST))).isFalse();
        assertThat(CommentRules.isTooLong("a".repeat(CommentRules.LONGEST + 1))).isTrue();
    }

    @Test
    void lineFeedsAreTheOnlyControls() {
        assertThat(CommentRules.isWithoutControls("one\ntwo")).isTrue();
        assertThat(CommentRules.isWithoutControls("one\ttwo")).isFalse();
        assertThat(CommentRules.withoutControls("one\ttwo\nthree\r")).isEqualTo("one two\nthree ");
    }
}
