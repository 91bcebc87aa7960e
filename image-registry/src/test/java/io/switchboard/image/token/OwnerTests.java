package io.switchboard.image.token;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnerTests {

    @ParameterizedTest
    @CsvSource({
        "acme/ivr, acme, true",
        "acme/a/b, acme, true",
        "acmes/ivr, acme, false",
        "acme, acme, false",
        "/ivr, '', false",
        "platform/acd, platform, false"
    })
    void aTenantOwnsWhatBeginsWithItsName(String repository, String tenant, boolean owns) {
        assertThat(Owner.of(repository).isTenant(tenant)).isEqualTo(owns);
    }
}
