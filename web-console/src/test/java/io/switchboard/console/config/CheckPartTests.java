package io.switchboard.console.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.console.config.CheckPart.AffectedRow;
import io.switchboard.contracts.config.ValidationApi.CheckView;
import io.switchboard.contracts.config.ValidationApi.ClientChange;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CheckPartTests {

    @Test
    void clientsOfOneVersionForWhichTheSameChangesAreOneRow() {
        List<AffectedRow> rows = affected(
                change(3, "1.2~a1b2", List.of("task-1"), "a", "b"),
                change(3, "1.2~c3d4", List.of("task-2", "task-3"), "a", "b"),
                change(3, "1.2~c3d4", List.of("task-4"), "a"),
                change(2, "1.2~a1b2", List.of("task-5"), "a", "b"),
                change(3, null, List.of("task-6"), "a", "b"),
                change(3, "1.2~a1b2", List.of("task-7")));

        assertThat(rows)
                .containsExactly(
                        new AffectedRow(3, 3, "1.2", "task-1, task-2, task-3", "a, b"),
                        new AffectedRow(1, 3, "1.2", "task-4", "a"),
                        new AffectedRow(1, 2, "1.2", "task-5", "a, b"),
                        new AffectedRow(1, 3, null, "task-6", "a, b"));
    }

    @Test
    void ofManyClientsSomeAreNamed() {
        List<String> names =
                IntStream.range(0, 15).mapToObj(client -> "task-" + client).toList();

        List<AffectedRow> rows = affected(change(1, "1.2~a1b2", names, "a"), change(1, "1.2~c3d4", names, "a"));

        assertThat(rows).hasSize(1);
        assertThat(rows.getFirst().count()).isEqualTo(30);
        assertThat(rows.getFirst().clients()).endsWith("task-4 …");
    }

    private static ClientChange change(long release, @Nullable String build, List<String> clients, String... keys) {
        return new ClientChange(release, Optional.ofNullable(build), clients.size(), clients, List.of(keys));
    }

    private static List<AffectedRow> affected(ClientChange... clients) {
        return CheckPart.of(new CheckView(1, List.of(), List.of(), List.of(), List.of(clients)))
                .affected();
    }
}
