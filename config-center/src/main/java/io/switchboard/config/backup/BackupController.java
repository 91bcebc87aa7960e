package io.switchboard.config.backup;

import io.switchboard.contracts.config.BackupApi;
import io.switchboard.contracts.identity.Caller;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;

@RestController
class BackupController implements BackupApi {

    private static final Logger audit = LoggerFactory.getLogger("audit.config");
    private static final String OPERATORS = "All that the config center keeps is for operators only.";

    private final Backup backup;
    private final Restore restore;

    BackupController(Backup backup, Restore restore) {
        this.backup = backup;
        this.restore = restore;
    }

    @Override
    public ResponseEntity<InputStreamResource> backup(@Nullable Caller caller) {
        Caller operator = Caller.operator(caller, OPERATORS);
        try {
            Path file = Files.createTempFile("config-backup", null);
            try {
                long entries;
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                    entries = backup.write(out);
                }
                audit.warn("backup made: author={} entries={} bytes={}", operator.person(), entries, Files.size(file));
                return ResponseEntity.ok()
                        .contentType(MediaType.parseMediaType(TYPE))
                        .contentLength(Files.size(file))
                        .header("Content-Disposition", "attachment; filename=\"config-center.backup\"")
                        // What is open stays readable once its name is gone.
                        .body(new InputStreamResource(Files.newInputStream(file)));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The backup has no room on the center's disk", e);
        }
    }

    @Override
    public RestoreView restore(InputStreamResource body, @Nullable Caller caller) {
        Caller operator = Caller.operator(caller, OPERATORS);
        try {
            Path file = Files.createTempFile("config-restore", null);
            try {
                try (InputStream in = body.getInputStream()) {
                    Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                }
                RestoreView restored = restore.from(file);
                audit.warn(
                        "backup restored: author={} namespaces={} releases={} earlier={}",
                        operator.person(),
                        restored.namespaces(),
                        restored.releases(),
                        restored.earlierReleases());
                return restored;
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The backup can't be received, or has no room on the center's disk", e);
        }
    }
}
