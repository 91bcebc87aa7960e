package io.switchboard.access.testing;

import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** A socket that speaks as much SIP as requests without a body take: answers each with 200 and its name, or sends them. */
public final class SipPeer implements AutoCloseable {

    private final String id;
    private final String address;
    private final DatagramSocket socket;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private SipPeer(String id, String address) {
        this.id = id;
        this.address = address;
        try {
            this.socket = new DatagramSocket(0, InetAddress.getByName(address));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public static SipPeer task(String id) {
        var peer = new SipPeer(id, "127.0.0.1");
        Thread.ofVirtual().start(peer::answerUntilClosed);
        return peer;
    }

    /** One that never says anything. */
    public static SipPeer caller() {
        return caller("127.0.0.1");
    }

    /** @param address of this machine that it sends from */
    public static SipPeer caller(String address) {
        return new SipPeer("caller", address);
    }

    public int port() {
        return socket.getLocalPort();
    }

    public List<String> requests() {
        return List.copyOf(requests);
    }

    public ServingTask serving(State state) {
        return new ServingTask(id, "127.0.0.1", Map.of("sip", port()), state);
    }

    private void answerUntilClosed() {
        try {
            while (true) {
                var packet = receive();
                var text = text(packet);
                requests.add(text);
                var copied = text.lines()
                        .filter(line -> line.matches("(?i)(via|from|call-id|cseq|record-route): .*"))
                        .collect(Collectors.joining("\r\n"));
                var to = header(text, "To");
                send(
                        "SIP/2.0 200 OK\r\n" + copied + "\r\nTo: " + (to.contains(";tag=") ? to : to + ";tag=" + id)
                                + "\r\nServer: " + id + "\r\nContent-Length: 0\r\n\r\n",
                        (InetSocketAddress) packet.getSocketAddress());
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    /** Sends a request outside of a dialog and returns its final answer. */
    public String ask(int proxy, String method, String domain, String callId) {
        return exchange(proxy, request(method, "sip:100@" + domain, callId, "sip:100@" + domain, ""));
    }

    /** @param to with a tag, for one within a dialog */
    public String request(String method, String uri, String callId, String to, String further) {
        var me = address + ":" + port();
        return method + " " + uri + " SIP/2.0\r\nVia: SIP/2.0/UDP " + me + ";branch=z9hG4bK" + UUID.randomUUID()
                + "\r\nMax-Forwards: 70\r\nFrom: <sip:caller@" + me + ">;tag=caller\r\nTo: "
                + (to.startsWith("<") ? to : "<" + to + ">")
                + "\r\nCall-ID: " + callId + "\r\nCSeq: 1 " + method + "\r\nContact: <sip:caller@" + me + ">\r\n"
                + further + "Content-Length: 0\r\n\r\n";
    }

    public String exchange(int proxy, String request) {
        try {
            send(request, new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy));
            socket.setSoTimeout(15_000);
            String answer;
            do {
                answer = text(receive());
            } while (answer.startsWith("SIP/2.0 1"));
            return answer;
        } catch (SocketTimeoutException e) {
            return "nothing";
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String header(String message, String name) {
        return message.lines()
                .filter(line -> line.regionMatches(true, 0, name + ": ", 0, name.length() + 2))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElse("");
    }

    private DatagramPacket receive() throws IOException {
        var packet = new DatagramPacket(new byte[65_535], 65_535);
        socket.receive(packet);
        return packet;
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }

    private void send(String message, InetSocketAddress to) throws IOException {
        var bytes = message.getBytes(StandardCharsets.UTF_8);
        socket.send(new DatagramPacket(bytes, bytes.length, to));
    }

    @Override
    public void close() {
        socket.close();
    }
}
