package io.switchboard.config.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.config.history.EarlierReleases.Giving;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestoredReleasesTests {

    private static final NamespacePath DESK = NamespacePath.parse("acme/desk/prod/application");

    private final EmbeddedPostgres postgres;
    private final Database database;
    private final EarlierReleases earlier;

    RestoredReleasesTests() throws Exception {
        postgres = EmbeddedPostgres.start();
        var properties =
                new HistoryProperties(postgres.getJdbcUrl("postgres", "postgres"), null, null, Duration.ofDays(1));
        database = new Database(properties);
        earlier = new EarlierReleases(database, properties, Clock.systemUTC());
        // Migrates.
        assertThat(kept()).isZero();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    create function refuse_many() returns trigger language plpgsql as $$
                    begin
                        if (select count(*) from gone) > 1000 then
                            raise exception 'too many at once';
                        end if;
                        return null;
                    end $$;
                    create trigger few after delete on config.release
                        referencing old table as gone for each statement execute function refuse_many();
                    """);
        }
    }

    @AfterAll
    void stop() throws Exception {
        database.close();
        postgres.close();
    }

    @Test
    void whatIsManyIsDeletedSomeAtATime() {
        earlier.replaceAll("one", () -> {}, numbered(2_500));
        assertThat(kept()).isEqualTo(2_500);

        earlier.replaceAll("other", () -> {}, numbered(1));
        assertThat(kept()).isEqualTo(1);
        earlier.replaceAll("more", () -> {}, numbered(1_500));
        earlier.delete(DESK);
        assertThat(kept()).isZero();
        earlier.replaceAll("old", () -> {}, numbered(1_500));
        assertThat(earlier.deleteOld()).isEqualTo(1_500);
    }

    @Test
    void whatWasCutOffIsDoneAnew() {
        assertThatThrownBy(() -> earlier.replaceAll("one", () -> {}, keeping -> {
                    numbered(120).to(keeping);
                    throw new IllegalStateException("cut off");
                }))
                .hasMessage("cut off");

        earlier.replaceAll("other", () -> {}, numbered(70));

        assertThat(kept()).isEqualTo(70);
    }

    @Test
    void whoWasPausedUntilAnotherBeganChangesNothing() {
        assertRefused(keeping -> {
            earlier.replaceAll("next", () -> {}, numbered(70));
            numbered(120).to(keeping);
        });
        assertThat(kept()).isEqualTo(70);

        assertThatThrownBy(() -> earlier.replaceAll(
                        "late",
                        () -> {
                            throw new IllegalStateException("no longer held");
                        },
                        numbered(0)))
                .hasMessage("no longer held");
        assertThat(kept()).isEqualTo(70);
    }

    private void assertRefused(Giving giving) {
        assertThatThrownBy(() -> earlier.replaceAll("paused", () -> {}, giving))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(RequestProblem.CONFLICT));
    }

    private int kept() {
        return earlier.before(DESK, 1_000_000, 1_000_000).size();
    }

    private static Giving numbered(int last) {
        return keeping -> {
            for (int number = 1; number <= last; number++) {
                keeping.accept(new Release(
                        DESK,
                        number,
                        "ann",
                        "",
                        Instant.EPOCH,
                        Items.of(Map.of("a", String.valueOf(number))),
                        OptionalLong.empty(),
                        List.of()));
            }
        };
    }
}
