package io.switchboard.image.repository;

import io.switchboard.contracts.image.ImagesApi.VersionView;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Versions and what they mean; never changed once written. */
@Repository
class ImageVersions {

    private final JdbcClient jdbc;

    ImageVersions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Writes the version unless it is there, and gives what is there now: the caller compares. */
    VersionView putIfAbsent(VersionView version) {
        jdbc.sql("""
                        insert into image_version (repository, version, digest, pinned_by, pinned_at)
                        values (:repository, :version, :digest, :by, :at)
                        on conflict (repository, version) do nothing
                        """)
                .param("repository", version.repository())
                .param("version", version.version())
                .param("digest", version.digest())
                .param("by", version.pinnedBy())
                .param("at", Timestamp.from(version.pinnedAt()))
                .update();
        return jdbc.sql("""
                        select repository, version, digest, pinned_by, pinned_at
                        from image_version
                        where repository = :repository and version = :version
                        """)
                .param("repository", version.repository())
                .param("version", version.version())
                .query(ImageVersions::version)
                .single();
    }

    /**
     * Newest first, of one repository or of all that the owners have.
     *
     * @param owners first parts of repositories' names; null for everyone's
     */
    List<VersionView> list(@Nullable String repository, @Nullable Set<String> owners) {
        return jdbc.sql("""
                        select repository, version, digest, pinned_by, pinned_at
                        from image_version
                        where (:repository::text is null or repository = :repository)
                        and (:owners::text[] is null or split_part(repository, '/', 1) = any (:owners::text[]))
                        order by pinned_at desc, repository, version
                        """)
                .param("repository", repository)
                .param("owners", owners == null ? null : owners.toArray(String[]::new))
                .query(ImageVersions::version)
                .list();
    }

    private static VersionView version(ResultSet row, int number) throws SQLException {
        return new VersionView(
                row.getString("repository"),
                row.getString("version"),
                row.getString("digest"),
                row.getString("pinned_by"),
                row.getTimestamp("pinned_at").toInstant());
    }
}
