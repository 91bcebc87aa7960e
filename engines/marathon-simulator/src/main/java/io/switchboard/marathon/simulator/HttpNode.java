package io.switchboard.marathon.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** One Marathon process, as the network sees it: it leads, or hands on to the one that does. */
final class HttpNode implements AutoCloseable {

    private static final Logger LOG = System.getLogger(HttpNode.class.getName());

    private final int number;
    private final HttpServer server;
    private final URI url;
    private final MarathonSimulator simulator;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    HttpNode(int number, @Nullable SSLContext tls, MarathonSimulator simulator) throws IOException {
        this.number = number;
        this.simulator = simulator;
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
        if (tls == null) {
            server = HttpServer.create(address, 0);
        } else {
            HttpsServer secure = HttpsServer.create(address, 0);
            secure.setHttpsConfigurator(new HttpsConfigurator(tls));
            server = secure;
        }
        url = URI.create((tls == null ? "http" : "https") + "://127.0.0.1:"
                + server.getAddress().getPort());
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI url() {
        return url;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Map<String, String> headers = new HashMap<>();
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
            Request request = Request.of(
                    exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body);
            int leader = simulator.leader();
            if (leader < 0 && number != 0) {
                send(exchange, Answer.html(502, request.path(), "Could not determine the current leader"));
            } else if (leader != number && leader >= 0 && request.path().equals("/v2/events")) {
                send(exchange, Answer.empty(302).with("Location", simulator.leaderUrl() + "/v2/events"));
            } else {
                answer(exchange, request, leader == number);
            }
        }
    }

    private void answer(HttpExchange exchange, Request request, boolean leads) throws IOException {
        Answer answer;
        try {
            answer = simulator.call(request);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the simulator is broken: " + request.method() + " " + request.path(), e);
            throw e;
        } catch (IOException e) {
            // Nothing is sent: closing the exchange is what the client sees of a process that ends.
            return;
        }
        boolean stream = request.path().equals("/v2/events") && request.method().equals("GET");
        if (stream
                && answer.status() == 405
                && request.header("accept").orElse("").contains("text/event-stream")) {
            stream(exchange, request);
            return;
        }
        send(exchange, leads ? answer : answer.with("X-Marathon-Via", "1.1 " + url.getAuthority()));
    }

    private void send(HttpExchange exchange, Answer answer) throws IOException {
        Api.headers(URI.create(simulator.leaderUrl()).getAuthority()).forEach(exchange.getResponseHeaders()::set);
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        boolean none = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(answer.status(), none ? -1 : bytes.length);
        if (!none) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private void stream(HttpExchange exchange, Request request) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream;charset=utf-8");
        exchange.sendResponseHeaders(200, 0);
        EventStreams.Subscriber subscriber = simulator.streams().subscribe(request.all("event_type"));
        subscriber.writeTo(exchange.getResponseBody());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
