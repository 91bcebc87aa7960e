package io.switchboard.access.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimelineTests {

    private final Timeline timeline = new Timeline();

    @Test
    void tellsSinceWhenTheOldestLaterRevisionIsKnown() {
        timeline.note(10, at(0));
        timeline.note(20, at(100));
        timeline.note(30, at(200));

        assertThat(timeline.oldestAfter(9)).contains(at(0));
        assertThat(timeline.oldestAfter(10)).contains(at(100));
        assertThat(timeline.oldestAfter(29)).contains(at(200));
        assertThat(timeline.oldestAfter(30)).isEmpty();
    }

    @Test
    void anEarlierOrEqualRevisionIsNoNews() {
        timeline.note(10, at(0));

        timeline.note(10, at(100));
        timeline.note(9, at(200));

        assertThat(timeline.oldestAfter(0)).contains(at(0));
        assertThat(timeline.oldestAfter(10)).isEmpty();
    }

    @Test
    void revisionsThatComeTogetherAreKnownSinceTheFirst() {
        timeline.note(10, at(0));
        timeline.note(11, at(20));

        assertThat(timeline.oldestAfter(10)).contains(at(0));
        assertThat(timeline.oldestAfter(11)).isEmpty();
    }

    @Test
    void theNewestIsNeverForgotten() {
        timeline.note(10, at(0));
        timeline.note(20, at(100));

        timeline.forgetUpTo(25);

        assertThat(timeline.oldestAfter(0)).contains(at(100));
    }

    @Test
    void theOldestTimeStaysHoweverManyThereAre() {
        for (int revision = 1; revision <= 12_000; revision++) {
            timeline.note(revision, at(100L * revision));
        }

        assertThat(timeline.oldestAfter(0)).contains(at(100));
        assertThat(timeline.oldestAfter(11_999)).contains(at(1_200_000));
    }

    private static Instant at(long millis) {
        return Instant.EPOCH.plusMillis(millis);
    }
}
