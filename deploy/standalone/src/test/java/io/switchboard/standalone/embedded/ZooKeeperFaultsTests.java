package io.switchboard.standalone.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.ports.FreePorts;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Speaks to the embedded server as no client does: by a socket, without showing who it is. */
class ZooKeeperFaultsTests {

    private static final int SESSION_MILLIS = 30_000;

    @TempDir
    Path directory;

    private EmbeddedZooKeeper server;
    private CuratorFramework owner;
    private int port;

    @BeforeEach
    void start() throws Exception {
        port = FreePorts.next();
        server = EmbeddedZooKeeper.start(directory, "127.0.0.1", port);
        owner = CuratorFrameworkFactory.builder()
                .connectString("127.0.0.1:" + port)
                .authorization("digest", "owner:password".getBytes(StandardCharsets.UTF_8))
                .retryPolicy(new RetryOneTime(1000))
                .build();
        owner.start();
    }

    @AfterEach
    void stop() {
        owner.close();
        server.close();
    }

    @Test
    @DisplayName("CVE-2026-79993: nobody deletes a childless node by the request that ZooKeeper makes of itself")
    void nobodyDeletesWhatIsNotTheirs() throws Exception {
        owner.create()
                .withMode(CreateMode.PERSISTENT)
                .withACL(Ids.CREATOR_ALL_ACL)
                .forPath("/pointer", new byte[] {1});
        owner.create()
                .withMode(CreateMode.CONTAINER)
                .withACL(Ids.CREATOR_ALL_ACL)
                .forPath("/container");
        owner.create().withACL(Ids.CREATOR_ALL_ACL).forPath("/container/child");
        owner.delete().forPath("/container/child");

        assertThat(connectionEndsAfter(OpCode.deleteContainer, "/pointer")).isTrue();
        assertThat(connectionEndsAfter(OpCode.deleteContainer, "/container")).isTrue();

        owner.sync().forPath("/");
        assertThat(owner.checkExists().forPath("/pointer")).isNotNull();
        assertThat(owner.getData().forPath("/pointer")).containsExactly(1);
    }

    @Test
    void anyOtherRequestIsAnswered() throws Exception {
        assertThat(connectionEndsAfter(OpCode.sync, "/")).isFalse();
    }

    private boolean connectionEndsAfter(int request, String path) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            var out = new DataOutputStream(socket.getOutputStream());
            var in = new DataInputStream(socket.getInputStream());
            send(out, connect());
            in.readFully(new byte[in.readInt()]);
            send(out, request(request, path));
            try {
                in.readFully(new byte[in.readInt()]);
                return false;
            } catch (EOFException | SocketException e) {
                return true;
            }
        }
    }

    private static byte[] connect() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var record = new DataOutputStream(bytes);
        record.writeInt(0);
        record.writeLong(0);
        record.writeInt(SESSION_MILLIS);
        record.writeLong(0);
        record.writeInt(16);
        record.write(new byte[16]);
        record.writeBoolean(false);
        return bytes.toByteArray();
    }

    private static byte[] request(int request, String path) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var record = new DataOutputStream(bytes);
        record.writeInt(1);
        record.writeInt(request);
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        record.writeInt(name.length);
        record.write(name);
        return bytes.toByteArray();
    }

    private static void send(DataOutputStream out, byte[] record) throws IOException {
        out.writeInt(record.length);
        out.write(record);
        out.flush();
    }
}
