package io.switchboard.access.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.switchboard.access.route.Domain;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainNameTests {

    @ParameterizedTest
    @CsvSource({
        "calls.example.com, calls.example.com",
        "Calls.EXAMPLE.com., calls.example.com",
        "b\u00fcro.example, xn--bro-hoa.example",
        "xn--bro-hoa.example, xn--bro-hoa.example",
        "\u547c\u53eb.example, xn--fprzm.example",
        "24.calls.example, 24.calls.example"
    })
    void hasOneForm(String written, String name) {
        assertThat(DomainName.of(written)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "com",
                "*.example.com",
                "calls.*.com",
                "_sip.example.com",
                "192.0.2.7",
                "192.0.2.7.",
                "0x7f.1",
                "[2001:db8::1]",
                "2001:db8::1",
                "calls..example.com",
                ".example.com",
                "-calls.example.com",
                "calls-.example.com",
                "calls.example.com:80",
                "https://calls.example.com",
                "calls.example.com/x",
                "calls example.com",
                "calls.example.com\n",
                "calls.example.com\u0000",
                "calls.example.com h0000",
                // Others than they seem to be, or others in one standard than in the next.
                "stra\u00dfe.example",
                "\uff43alls.example",
                "calls\u3002example.com",
                "calls\u200d.example.com",
                "\u2168.example"
            })
    void whatIsNoHostNameOrMayBeTakenForAnotherIsRefused(String written) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DomainName.of(written))
                .withMessageStartingWith("must ");
    }

    @Test
    void labelsAndTheWholeHaveAnEnd() {
        assertThat(DomainName.of("a".repeat(63) + ".example")).hasSize(71);
        assertThatIllegalArgumentException().isThrownBy(() -> DomainName.of("a".repeat(64) + ".example"));
        var longest = "a.".repeat(106) + "exampled";
        assertThat(DomainName.of(longest)).hasSize(Domain.LONGEST_NAME);
        assertThatIllegalArgumentException().isThrownBy(() -> DomainName.of(longest + "d"));
    }

    @Test
    void whateverIsTakenIsOneWordThatARouteTakesToo() {
        var random = new SplittableRandom(7);
        int taken = 0;
        for (int each = 0; each < 100_000; each++) {
            String name;
            try {
                name = DomainName.of(text(random));
            } catch (IllegalArgumentException refused) {
                continue;
            }
            assertThat(name).matches("[a-z0-9.-]{3,220}");
            assertThat(DomainName.of(name)).isEqualTo(name);
            assertThat(Domain.claimed(name, "/", "http", Challenge.newToken(), Instant.EPOCH)
                            .name())
                    .isEqualTo(name);
            taken++;
        }
        assertThat(taken).isPositive();
    }

    /** Mostly letters and dots, with anything else in between. */
    private static String text(SplittableRandom random) {
        var text = new StringBuilder();
        for (int length = random.nextInt(1, 16); length > 0; length--) {
            text.append(
                    switch (random.nextInt(10)) {
                        case 0 -> (char) random.nextInt(0x10000);
                        case 1 -> (char) random.nextInt(0x180);
                        case 2, 3 -> '.';
                        default -> (char) random.nextInt('a', 'z' + 1);
                    });
        }
        return text.toString();
    }
}
