package io.switchboard.access.testing;

import io.switchboard.contracts.scheduling.TaskSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** A file that stands for the scheduler, for a registrar in another process. */
public record Snapshots(Path file) {

    /** Whoever reads gets all of the old ones or all of the new ones. */
    public void are(List<TaskSnapshot> snapshots) throws IOException {
        var next = file.resolveSibling("next.json");
        Files.writeString(next, JsonMapper.shared().writeValueAsString(snapshots));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
