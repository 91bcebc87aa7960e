package io.switchboard.access.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A name server of this machine's own, dnsmasq, that knows the TXT records it is told of, and of {@code .example} no others. */
public final class Dns implements AutoCloseable {

    private static final byte[] QUESTION = {0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 16, 0, 1};

    private final int port;
    private final Map<String, List<String>> records = new TreeMap<>();
    private @Nullable Process process;

    public Dns(int port) {
        this.port = port;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        start();
    }

    /** As it is set for who asks. */
    public String resolver() {
        return "127.0.0.1:" + port;
    }

    /** From now on, in place of what the name had before; without values it has no such record. */
    public void txt(String name, String... values) {
        records.put(name, List.of(values));
        close();
        start();
    }

    /** It answers nobody until it is told another record. */
    @Override
    public void close() {
        var running = process;
        if (running != null) {
            running.destroyForcibly().onExit().join();
        }
    }

    private void start() {
        var command = new ArrayList<>(List.of(
                Programs.dnsmasq().toString(),
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--pid-file=",
                "--user=" + System.getProperty("user.name"),
                "--no-resolv",
                "--no-hosts",
                "--local=/example/",
                "--listen-address=127.0.0.1",
                "--bind-interfaces",
                "--port=" + port));
        records.forEach((name, values) -> values.forEach(value -> command.add("--txt-record=" + name + "," + value)));
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        await().until(this::answers);
    }

    private boolean answers() {
        try (var socket = new DatagramSocket()) {
            socket.setSoTimeout(1_000);
            socket.connect(InetAddress.getLoopbackAddress(), port);
            socket.send(new DatagramPacket(QUESTION, QUESTION.length));
            socket.receive(new DatagramPacket(new byte[512], 512));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
