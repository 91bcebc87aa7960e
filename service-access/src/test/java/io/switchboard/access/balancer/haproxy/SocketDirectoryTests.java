package io.switchboard.access.balancer.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.junit.jupiter.api.Test;

class SocketDirectoryTests {

    @Test
    void aShortPathIsGoodAsItIs() {
        assertThat(SocketDirectory.of(Path.of("/srv/access"))).isEqualTo(Path.of("/srv/access"));
    }

    @Test
    void aLongPathGetsAShortOneThatNobodyElseMayEnter() throws IOException {
        var directory =
                Path.of("/srv/" + "deep/".repeat(20) + ProcessHandle.current().pid());

        var sockets = SocketDirectory.of(directory);

        assertThat(sockets.toString()).hasSizeLessThan(75);
        assertThat(Files.getPosixFilePermissions(sockets))
                .containsExactlyInAnyOrder(
                        PosixFilePermission.OWNER_READ,
                        PosixFilePermission.OWNER_WRITE,
                        PosixFilePermission.OWNER_EXECUTE);
        assertThat(SocketDirectory.of(directory)).isEqualTo(sockets);
        Files.delete(sockets);
    }
}
