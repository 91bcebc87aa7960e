package io.switchboard.image.repository;

import io.switchboard.image.registry.RegistryEvent;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Who pushed what when; the registry itself doesn't remember. */
@Repository
class Pushes {

    private final JdbcClient jdbc;

    Pushes(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A later push of the same image replaces the earlier one. */
    void add(RegistryEvent push) {
        jdbc.sql("""
                        insert into image_push (repository, digest, pushed_by, pushed_at)
                        values (:repository, :digest, :by, :at)
                        on conflict (repository, digest) do update
                        set pushed_by = excluded.pushed_by, pushed_at = excluded.pushed_at
                        """)
                .param("repository", push.repository())
                .param("digest", push.digest())
                .param("by", push.actor().orElse(null))
                .param("at", Timestamp.from(push.at()))
                .update();
    }

    void remove(String repository, String digest) {
        jdbc.sql("delete from image_push where repository = :repository and digest = :digest")
                .param("repository", repository)
                .param("digest", digest)
                .update();
    }

    Optional<Push> find(String repository, String digest) {
        return jdbc.sql("""
                        select pushed_by, pushed_at
                        from image_push
                        where repository = :repository and digest = :digest
                        """)
                .param("repository", repository)
                .param("digest", digest)
                .query((row, number) -> new Push(
                        Optional.ofNullable(row.getString("pushed_by")),
                        row.getTimestamp("pushed_at").toInstant()))
                .optional();
    }

    record Push(Optional<String> by, Instant at) {}
}
