package io.switchboard.access.testing;

import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;

/** A task that sends back each byte it gets. */
public final class Echo implements AutoCloseable {

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    public Echo() throws IOException {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    var caller = listening.accept();
                    Thread.ofVirtual().start(() -> serve(caller));
                }
            } catch (IOException e) {
                // The test is over.
            }
        });
    }

    private static void serve(Socket caller) {
        try (caller) {
            caller.getInputStream().transferTo(caller.getOutputStream());
        } catch (IOException e) {
            // The caller is gone.
        }
    }

    public ServingTask serving(State state) {
        return new ServingTask("echo", "127.0.0.1", Map.of("sip", listening.getLocalPort()), state);
    }

    public static boolean answers(Socket held) throws IOException {
        held.getOutputStream().write('x');
        return held.getInputStream().read() == 'x';
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
