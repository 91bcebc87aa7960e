package io.switchboard.standalone.embedded;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.server.NIOServerCnxn;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/**
 * ZooKeeper's connections, except that one that asks for {@code deleteContainer} ends.
 *
 * <p>ZooKeeper asks that of itself only, when a container is empty, and up to 3.9.5 it carries it for anybody without looking at
 * rights (CVE-2026-79993): whoever reaches the port could delete whatever node has no children. Public, since ZooKeeper makes it by
 * its name.
 */
public final class GuardedConnections extends NIOServerCnxnFactory {

    @Override
    protected NIOServerCnxn createConnection(SocketChannel channel, SelectionKey key, SelectorThread selector)
            throws IOException {
        return new Guarded(zkServer, channel, key, this, selector);
    }

    private static final class Guarded extends NIOServerCnxn {

        Guarded(
                ZooKeeperServer server,
                SocketChannel channel,
                SelectionKey key,
                NIOServerCnxnFactory connections,
                SelectorThread selector)
                throws IOException {
            super(server, channel, key, connections, selector);
        }

        @Override
        protected void readRequest() throws IOException {
            // A header is two numbers, the second says what is asked for. What is shorter is refused where it is read.
            if (incomingBuffer.remaining() >= 2 * Integer.BYTES
                    && incomingBuffer.getInt(incomingBuffer.position() + Integer.BYTES) == OpCode.deleteContainer) {
                throw new IOException("deleteContainer is no request of a client");
            }
            super.readRequest();
        }
    }
}
