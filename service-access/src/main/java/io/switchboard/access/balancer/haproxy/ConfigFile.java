package io.switchboard.access.balancer.haproxy;

import io.switchboard.access.balancer.haproxy.Layout.Server;
import io.switchboard.access.balancer.haproxy.Layout.State;
import io.switchboard.access.route.PortRange;
import io.switchboard.contracts.problem.Fault;
import io.switchboard.contracts.problem.ProblemCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The configuration that HAProxy starts from: its fixed part, and what the runtime API changed since.
 *
 * @param directory where the files are
 * @param sockets where its sockets are
 * @param tcpPorts what it should listen on
 * @param listening the part of {@code tcpPorts} that nobody else on this machine has
 */
record ConfigFile(
        Path directory,
        Path sockets,
        String httpBind,
        String tcpBind,
        PortRange tcpPorts,
        List<PortRange> listening,
        Pool pool,
        boolean checks) {

    private static final Pattern BIND = Pattern.compile("(?m)^  bind \\S+:(\\d+)-(\\d+)$");

    /** All backends of a kind are alike. */
    private static final Pool ONE_OF_EACH = new Pool(1, 1);

    static final String CHECK = " check inter 2s fall 2 rise 1";

    ConfigFile with(Pool other) {
        return new ConfigFile(directory, sockets, httpBind, tcpBind, tcpPorts, listening, other, checks);
    }

    ConfigFile with(List<PortRange> other) {
        return new ConfigFile(directory, sockets, httpBind, tcpBind, tcpPorts, other, pool, checks);
    }

    boolean listensOn(int port) {
        return listening.stream().anyMatch(range -> range.contains(port));
    }

    /** The ranges that a rendered file listens on. */
    static List<PortRange> listening(String text) {
        return BIND.matcher(text)
                .results()
                .map(bind -> new PortRange(Integer.parseInt(bind.group(1)), Integer.parseInt(bind.group(2))))
                .toList();
    }

    Path hostMap() {
        return directory.resolve("host.map");
    }

    Path portMap() {
        return directory.resolve("port.map");
    }

    Path adminSocket() {
        return sockets.resolve("admin.sock");
    }

    Path masterSocket() {
        return sockets.resolve("master.sock");
    }

    Path pidFile() {
        return directory.resolve("haproxy.pid");
    }

    Path file() {
        return directory.resolve("haproxy.cfg");
    }

    /** Tells this fixed part from any other, whoever has some of the ports; HAProxy reports it as its description. */
    String fingerprint() {
        try {
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest(with(ONE_OF_EACH)
                            .with(List.of(tcpPorts))
                            .render(Layout.EMPTY, "")
                            .getBytes(StandardCharsets.UTF_8));
            return "switchboard " + HexFormat.of().formatHex(digest, 0, 8) + " h" + pool.http() + " t" + pool.tcp();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    String render(Layout layout) {
        return render(layout, fingerprint());
    }

    static String map(Map<?, String> entries) {
        return new TreeMap<>(entries)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue() + "\n")
                        .collect(Collectors.joining());
    }

    private String render(Layout layout, String description) {
        var text = new StringBuilder("""
                # Written by service-access after every change; changes made here are lost.
                global
                  description %s
                  stats socket %s mode 600 level admin expose-fd listeners
                  stats timeout 10s
                defaults
                  timeout connect 1s
                  timeout client 1h
                  timeout server 1h
                  timeout tunnel 24h
                  timeout http-request 30s
                  timeout http-keep-alive 5m
                  retries 3
                  option redispatch 1
                  http-error %s
                  http-error %s
                  http-error %s
                frontend http_in
                  mode http
                  bind %s
                  option forwardfor
                  http-request set-header X-Request-Id %%[uuid()] unless { req.hdr(X-Request-Id) -m reg '^[A-Za-z0-9._-]{1,64}$' }
                  http-request set-var(txn.request_id) req.hdr(X-Request-Id)
                  http-request set-header X-Forwarded-Proto http
                  use_backend no_route if { path,url_dec -m reg -i '%s' }
                  use_backend %%[req.hdr(host),field(1,:),lower,map(%s)]
                  default_backend no_route
                """.formatted(
                        description,
                        adminSocket(),
                        answer(BalancerProblem.TASK_FAILED, "The task broke off before its answer was complete."),
                        answer(BalancerProblem.NO_TASK_READY, "No task of this service instance is ready."),
                        answer(BalancerProblem.TASK_SILENT, "The task gave no answer in time."),
                        httpBind,
                        PLATFORM_ONLY,
                        hostMap()));
        if (!listening.isEmpty()) {
            text.append("frontend tcp_in\n  mode tcp\n");
            listening.forEach(range -> text.append("  bind %s:%s\n".formatted(tcpBind, range)));
            text.append("  use_backend %[dst_port,map_int(").append(portMap()).append(")]\n");
        }
        text.append("""
                backend no_route
                  mode http
                  http-request return %s
                """.formatted(answer(BalancerProblem.NO_ROUTE, "No service instance answers at this address.")));
        for (int number = 0; number < pool.http(); number++) {
            backend(text, Pool.name('h', number), HTTP, layout);
        }
        for (int number = 0; number < pool.tcp(); number++) {
            backend(text, Pool.name('t', number), TCP, layout);
        }
        return text.toString();
    }

    /**
     * What the scheduler asks a task, see docs/how-to/write-a-service.md: whoever may call an instance must not empty its
     * tasks. The decoded path, its first segment or the one after a step back.
     */
    private static final String PLATFORM_ONLY = "(^/+|/\\.\\./+)(\\./+)*switchboard(/|;|$)";

    private static final String TCP = """
              mode tcp
              balance leastconn
            """;
    // A task that died before it answered is hidden from those who may ask twice; anybody else gets the truth.
    private static final String HTTP = """
              mode http
              balance leastconn
              retry-on conn-failure empty-response
              http-request disable-l7-retry unless METH_GET
            """;

    private void backend(StringBuilder text, String name, String head, Layout layout) {
        text.append("backend ").append(name).append('\n').append(head);
        new TreeMap<>(layout.servers(name)).forEach((server, at) -> text.append(server(server, at)));
    }

    private String server(String name, Server server) {
        // A file can't say "drain"; what a draining server had is with the old worker, and new requests it gets none.
        return "  server " + name + " " + Commands.socket(server) + (checks ? CHECK : "")
                + (server.state() == State.READY ? "" : " disabled") + "\n";
    }

    /** What an answer of HAProxy's own is made of: the same members as any other problem, filled in per request. */
    private static String answer(ProblemCode code, String detail) {
        var body =
                ("{\"status\":%d,\"title\":\"%s\",\"detail\":\"%s\",\"code\":\"%s\",\"fault\":\"%s\",\"remedy\":\"%s\","
                                + "\"requestId\":\"%%[var(txn.request_id)]\"}")
                        .formatted(code.status(), code.title(), detail, code.name(), code.fault(), code.remedy());
        return "status %d content-type application/problem+json lf-string '%s' hdr X-Request-Id %%[var(txn.request_id)]%s"
                .formatted(
                        code.status(),
                        body.replace("'", "'\\''"),
                        code.fault() == Fault.BUSY ? " hdr Retry-After 2" : "");
    }
}
