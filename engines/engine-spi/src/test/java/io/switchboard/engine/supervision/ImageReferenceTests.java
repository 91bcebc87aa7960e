package io.switchboard.engine.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageReferenceTests {

    @ParameterizedTest
    @CsvSource({
        "acd,,acd,,",
        "acme/acd:1.2,,acme/acd,1.2,",
        "acme/acd@sha256:ab,,acme/acd,,sha256:ab",
        "localhost/acd,localhost,acd,,",
        "127.0.0.1:5000/acme/acd:1@sha256:ab,127.0.0.1:5000,acme/acd,1,sha256:ab",
        "registry.example/a/b/c,registry.example,a/b/c,,"
    })
    void isTakenApart(
            String text, @Nullable String registry, String repository, @Nullable String tag, @Nullable String digest) {
        assertThat(ImageReference.of(text)).isEqualTo(new ImageReference(registry, repository, tag, digest));
    }

    @Test
    void aDigestSaysMoreThanATag() {
        assertThat(ImageReference.of("acme/acd:1@sha256:ab")).hasToString("acme/acd@sha256:ab");
        assertThat(ImageReference.of("acme/acd:1")).hasToString("acme/acd:1");
    }

    @Test
    void anotherRegistryIsOnlyForThoseWithout() {
        assertThat(ImageReference.of("acme/acd:1").in("localhost:5000")).hasToString("localhost:5000/acme/acd:1");
        assertThat(ImageReference.of("r.example/acd:1").in("localhost:5000")).hasToString("r.example/acd:1");
    }
}
