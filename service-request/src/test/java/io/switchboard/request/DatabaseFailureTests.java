package io.switchboard.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.TestConstructor;

@RequestTest
@ExtendWith(OutputCaptureExtension.class)
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class DatabaseFailureTests {

    private final JdbcTemplate jdbc;

    DatabaseFailureTests(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Test
    void whatTheDatabaseRefusesIsLoggedWithoutItsValues(CapturedOutput output) {
        List<Object[]> twice = List.of(new Object[] {"hunter2", "hunter3"}, new Object[] {"hunter2", "hunter3"});
        var insert = "insert into image_pins (service_type, reference, pinned_by, pinned_at) values (?, ?, 'x', now())";

        var batch = catchThrowableOfType(DataAccessException.class, () -> jdbc.batchUpdate(insert, twice));
        var row = catchThrowableOfType(
                DataAccessException.class,
                () -> jdbc.update(
                        "insert into image_pins (service_type, reference, pinned_by) values (?, null, 'x')",
                        "hunter2"));

        var log = LoggerFactory.getLogger(DatabaseFailureTests.class);
        log.error("batch", batch);
        log.error("row", row);
        // Drivers chain the failures of a batch beside their causes.
        for (var next = Objects.requireNonNull((SQLException) batch.getCause()).getNextException();
                next != null;
                next = next.getNextException()) {
            log.error("next", next);
        }
        assertThat(output)
                .contains("image_pins")
                .contains("duplicate key")
                .contains("null value")
                .doesNotContain("hunter");
    }
}
