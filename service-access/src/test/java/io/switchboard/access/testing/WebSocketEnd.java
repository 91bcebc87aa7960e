package io.switchboard.access.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

/** One end of a WebSocket (RFC 6455) as far as short messages of text take, each in one frame. */
public final class WebSocketEnd {

    private static final int TEXT_AND_LAST = 0x81;
    private static final int MASKED = 0x80;
    private static final int LENGTH_FOLLOWS = 126;
    private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private final boolean client;
    private final String protocol;
    private final DataInputStream in;
    private final DataOutputStream out;

    private WebSocketEnd(Socket socket, boolean client) throws IOException {
        this.client = client;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = new DataOutputStream(socket.getOutputStream());
        if (client) {
            this.protocol = "";
        } else {
            var head = head();
            this.protocol = header(head, "Sec-WebSocket-Protocol");
            answer(header(head, "Sec-WebSocket-Key"));
        }
    }

    /** Asks for one that speaks this protocol; the other end must {@link #take} it before anything is read. */
    public static WebSocketEnd ask(Socket socket, String host, String protocol) throws IOException {
        var end = new WebSocketEnd(socket, true);
        end.write("GET /ws HTTP/1.1\r\nHost: " + host
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                + KEY
                + "\r\nSec-WebSocket-Protocol: " + protocol + "\r\n\r\n");
        return end;
    }

    /** Takes what {@link #ask} asks for, with the protocol that it names. */
    public static WebSocketEnd take(Socket socket) throws IOException {
        return new WebSocketEnd(socket, false);
    }

    /** What was asked for. */
    public String protocol() {
        return protocol;
    }

    /** The head of the answer to what was asked. */
    public String answered() throws IOException {
        return head();
    }

    public void send(String text) throws IOException {
        var content = text.getBytes(StandardCharsets.UTF_8);
        out.writeByte(TEXT_AND_LAST);
        out.writeByte((client ? MASKED : 0) | LENGTH_FOLLOWS);
        out.writeShort(content.length);
        if (client) {
            out.write(MASK);
            mask(content);
        }
        out.write(content);
        out.flush();
    }

    public String receive() throws IOException {
        if (in.readUnsignedByte() != TEXT_AND_LAST
                || in.readUnsignedByte() != ((client ? 0 : MASKED) | LENGTH_FOLLOWS)) {
            throw new IOException("a frame of another kind");
        }
        int length = in.readUnsignedShort();
        if (!client) {
            in.readNBytes(MASK.length);
        }
        var content = in.readNBytes(length);
        if (!client) {
            mask(content);
        }
        return new String(content, StandardCharsets.UTF_8);
    }

    private static void mask(byte[] content) {
        for (int index = 0; index < content.length; index++) {
            content[index] ^= MASK[index % MASK.length];
        }
    }

    private void answer(String key) throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            write(
                    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: "
                            + Base64.getEncoder().encodeToString(digest) + "\r\nSec-WebSocket-Protocol: " + protocol
                            + "\r\n\r\n");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private String head() throws IOException {
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    private static String header(String head, String name) throws IOException {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, name + ": ", 0, name.length() + 2))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElseThrow(() -> new IOException("no " + name + " in " + head));
    }
}
