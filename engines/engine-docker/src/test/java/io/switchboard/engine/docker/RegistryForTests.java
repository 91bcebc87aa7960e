package io.switchboard.engine.docker;

import static org.awaitility.Awaitility.await;

import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A private registry that lets one user in; needs the package docker-registry. */
final class RegistryForTests implements AutoCloseable {

    static final String USER = "puller";
    static final String PASSWORD = "pull-me";
    private static final String BCRYPTED = "$2b$04$v4yJy70bo6BTV6kRMQwGTe1FHfUyneyBWnuTmtPev76tJdgiZoNUa";

    private final int port = FreePorts.next();
    private final Process process;

    RegistryForTests(Path directory) throws IOException {
        Path users = Files.writeString(directory.resolve("users"), USER + ":" + BCRYPTED + "\n");
        Path configuration = Files.writeString(directory.resolve("registry.yml"), "version: 0.1\n");
        ProcessBuilder builder = new ProcessBuilder("docker-registry", "serve", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(directory.resolve("registry.log").toFile()));
        builder.environment()
                .putAll(Map.of(
                        "REGISTRY_HTTP_ADDR",
                        "127.0.0.1:" + port,
                        "REGISTRY_STORAGE",
                        "filesystem",
                        "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY",
                        directory.resolve("blobs").toString(),
                        "REGISTRY_AUTH",
                        "htpasswd",
                        "REGISTRY_AUTH_HTPASSWD_REALM",
                        "tests",
                        "REGISTRY_AUTH_HTPASSWD_PATH",
                        users.toString()));
        process = builder.start();
        await().until(this::listens);
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
