package io.switchboard.access.balancer.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** By what management.txt of HAProxy 2.7 and later shows; the one that the build has is 2.6, which says nothing. */
class ReloadAnswerTests {

    @Test
    void aReloadThatIsDone() {
        assertThat(ReloadAnswer.of("""
                        Success=1
                        --
                        [NOTICE]   (482713) : haproxy version is 2.7-dev7-4827fb-69
                        [NOTICE]   (482713) : path to executable is ./haproxy
                        [WARNING]  (482713) : config : 'http-request' rules ignored for proxy 'frt1' as they require HTTP mode.
                        [NOTICE]   (482713) : New worker (482720) forked
                        [NOTICE]   (482713) : Loading success.

                        """)).isEqualTo(new ReloadAnswer.Done());
    }

    @Test
    void aReloadThatFailedSaysWhy() {
        assertThat(ReloadAnswer.of("""
                        Success=0
                        --
                        [NOTICE]   (482886) : haproxy version is 2.7-dev7-4827fb-69
                        [NOTICE]   (482886) : path to executable is ./haproxy
                        [ALERT]    (482886) : config : parsing [test3.cfg:1]: unknown keyword 'Aglobal' out of section.
                        [ALERT]    (482886) : config : Fatal errors found in configuration.
                        [WARNING]  (482886) : Loading failure!

                        """))
                .isEqualTo(new ReloadAnswer.Failed("[ALERT]    (482886) : config : parsing [test3.cfg:1]: unknown"
                        + " keyword 'Aglobal' out of section.; [ALERT]    (482886) : config : Fatal errors found in"
                        + " configuration."));
    }

    @Test
    void withoutALogItFailedAllTheSame() {
        assertThat(ReloadAnswer.of("Success=0\n")).isEqualTo(new ReloadAnswer.Failed(""));
        assertThat(ReloadAnswer.of("Success=0\n--\n[WARNING] Loading failure!\n"))
                .isEqualTo(new ReloadAnswer.Failed("[WARNING] Loading failure!"));
    }

    @Test
    void anEarlierVersionSaysNothing() {
        assertThat(ReloadAnswer.of("")).isEqualTo(new ReloadAnswer.Unsaid());
        assertThat(ReloadAnswer.of("\n")).isEqualTo(new ReloadAnswer.Unsaid());
    }
}
