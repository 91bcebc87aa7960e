package io.switchboard.access.endpoint;

import io.switchboard.access.file.DurableFile;
import io.switchboard.access.route.Upstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/** What was known last, in a file, so that a start without etcd serves what was served before. */
final class LastKnown {

    private static final Logger log = LoggerFactory.getLogger(LastKnown.class);

    private final Path file;

    LastKnown(Path file) {
        this.file = file;
    }

    /** @param incarnation of the etcd data that the upstreams come from; empty if there was none */
    record State(String incarnation, Instant at, List<Upstream> upstreams) {

        State {
            upstreams = List.copyOf(upstreams);
        }
    }

    State read() {
        try {
            return Json.read(Files.readString(file), State.class);
        } catch (NoSuchFileException e) {
            return new State("", Instant.EPOCH, List.of());
        } catch (IOException | JacksonException e) {
            log.warn("{} can't be read and is ignored; etcd and the scheduler tell it again: {}", file, e.getMessage());
            return new State("", Instant.EPOCH, List.of());
        }
    }

    /** @throws UncheckedIOException if the file can't be written; the old one is whole then */
    void write(State state) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            DurableFile.replace(file, Json.write(state));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
