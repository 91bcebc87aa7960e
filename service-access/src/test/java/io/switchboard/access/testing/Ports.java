package io.switchboard.access.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** Free ports, below those that the machine gives to outgoing connections; a balancer may hold a thousand in a row. */
public final class Ports {

    private static final AtomicInteger NEXT =
            new AtomicInteger(20_000 + (int) (ProcessHandle.current().pid() % 500) * 20);

    private Ports() {}

    public static int free() {
        return free(1);
    }

    /** The first of so many free ones in a row. */
    public static int free(int count) {
        for (int attempt = 0; attempt < 12_000; attempt++) {
            int first = NEXT.getAndAdd(count);
            if (first > 32_000) {
                NEXT.set(20_000);
            } else if (allFree(first, count)) {
                return first;
            }
        }
        throw new IllegalStateException("no " + count + " free ports in a row");
    }

    private static boolean allFree(int first, int count) {
        for (int port = first; port < first + count; port++) {
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                socket.getLocalPort();
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }
}
