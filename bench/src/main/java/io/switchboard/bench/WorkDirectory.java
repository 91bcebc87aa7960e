package io.switchboard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/** Where a benchmark's servers have their files. Nothing is left of it, nor of any process that was started with a file in it. */
record WorkDirectory(Path path) implements AutoCloseable {

    static WorkDirectory create() throws IOException {
        return UntilExit.open(new WorkDirectory(Files.createTempDirectory("switchboard-bench")));
    }

    @Override
    public void close() throws IOException {
        if (UntilExit.closes(this)) {
            ProcessHandle.allProcesses().filter(this::uses).forEach(ProcessHandle::destroyForcibly);
            FileSystemUtils.deleteRecursively(path);
        }
    }

    private boolean uses(ProcessHandle process) {
        return process.pid() != ProcessHandle.current().pid()
                && process.info()
                        .commandLine()
                        .filter(line -> line.contains(path + "/"))
                        .isPresent();
    }
}
