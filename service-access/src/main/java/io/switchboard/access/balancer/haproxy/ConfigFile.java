package io.switchboard.access.balancer.haproxy;

import io.switchboard.access.balancer.haproxy.Layout.Server;
import io.switchboard.access.balancer.haproxy.Layout.State;
import io.switchboard.access.route.Network;
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
 * @param tlsBind empty if it presents no certificates
 * @param tcpPorts what it should listen on
 * @param listening the part of {@code tcpPorts} that nobody else on this machine has
 * @param proxies who says whom a connection comes from, by the PROXY protocol, and is believed
 */
record ConfigFile(
        Path directory,
        Path sockets,
        String httpBind,
        String tlsBind,
        String tcpBind,
        PortRange tcpPorts,
        List<PortRange> listening,
        Pool pool,
        boolean checks,
        List<Network> proxies) {

    private static final Pattern BIND = Pattern.compile("(?m)^  bind \\S+:(\\d+)-(\\d+)$");

    /** All backends of a kind are alike. */
    private static final Pool ONE_OF_EACH = new Pool(1, 1, 1);

    static final String CHECK = " check inter 2s fall 2 rise 1";

    ConfigFile with(Pool other) {
        return new ConfigFile(
                directory, sockets, httpBind, tlsBind, tcpBind, tcpPorts, listening, other, checks, proxies);
    }

    ConfigFile with(List<PortRange> other) {
        return new ConfigFile(directory, sockets, httpBind, tlsBind, tcpBind, tcpPorts, other, pool, checks, proxies);
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

    /** Where the certificates are that it presents. */
    Path certificates() {
        return directory.resolve("tls");
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
            return "switchboard " + HexFormat.of().formatHex(digest, 0, 8) + " h" + pool.http() + " t" + pool.tcp()
                    + " w" + pool.weighted();
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
                %sdefaults
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
                  http-error %s
                  http-error %s
                frontend http_in
                  mode http
                  bind %s
                %s%s  http-request set-header X-Request-Id %%[uuid()] unless { req.fhdr_cnt(X-Request-Id) eq 1 } { req.fhdr(X-Request-Id) -m reg '^[A-Za-z0-9._-]{1,64}$' }
                  http-request set-var(txn.request_id) req.hdr(X-Request-Id)
                  http-request del-header forwarded
                  http-request del-header x-real-ip
                  http-request del-header x-forwarded- -m beg
                  http-request set-header X-Forwarded-For %%[src]
                  http-request set-header X-Forwarded-Proto %%[ssl_fc,iif(https,http)]
                %s%s%s  use_backend no_route if %s
                  use_backend %%[var(txn.route)] if { var(txn.route) -m found }
                  default_backend no_route
                """.formatted(
                description,
                adminSocket(),
                tlsBind.isEmpty() ? "" : TLS,
                answer(BalancerProblem.CALLER_NOT_ALLOWED, "This address may be called from some networks only."),
                answer(BalancerProblem.LIMIT_REACHED, "More calls come in than this address takes."),
                answer(BalancerProblem.TASK_FAILED, "The task broke off before its answer was complete."),
                answer(BalancerProblem.NO_TASK_READY, "No task of this service instance is ready."),
                answer(BalancerProblem.TASK_SILENT, "The task gave no answer in time."),
                httpBind,
                tlsBind.isEmpty()
                        ? ""
                        : "  bind unix@%s mode 600 accept-proxy ssl crt-list %s strict-sni alpn h2,http/1.1\n"
                                .formatted(tlsSocket(), certificates().resolve("list.txt")),
                expectProxy(),
                RouteChoice.lines(
                        map(0),
                        map(1),
                        answer(
                                BalancerProblem.PATH_AMBIGUOUS,
                                "This path may be read as one that leads to another service instance.")),
                treatment("http-request", "http-request deny deny_status 403", "http-request deny deny_status 429"),
                STICKINESS.formatted(map(5), map(5)),
                PLATFORM_ONLY));
        if (!tlsBind.isEmpty()) {
            text.append(byServerName());
        }
        if (!listening.isEmpty()) {
            text.append("frontend tcp_in\n  mode tcp\n");
            listening.forEach(range -> text.append("  bind %s:%s\n".formatted(tcpBind, range)));
            text.append(expectProxy());
            text.append("  tcp-request content set-var(txn.route) dst_port,map_int(%s)\n".formatted(map(2)));
            text.append(treatment("tcp-request content", "tcp-request content reject", "tcp-request content reject"));
            text.append("  use_backend %[var(txn.route)] if { var(txn.route) -m found }\n");
        }
        text.append("""
                backend per_route
                  stick-table type string len 20 size 50k expire 10m store conn_cur,gpc0_rate(1s)
                backend per_source
                  stick-table type string len 64 size 500k expire 1m store conn_cur,gpc0_rate(1s)
                backend no_route
                  mode http
                  http-request return %s
                """.formatted(answer(BalancerProblem.NO_ROUTE, "No service instance answers at this address.")));
        for (Pool.Kind kind : Pool.Kind.values()) {
            pool.names(kind).forEach(name -> backend(text, name, kind, layout));
        }
        return text.toString();
    }

    /** TLS 1.2 with forward secrecy and authenticated ciphers only, and TLS 1.3; tickets would outlive the keys of a session. */
    private static final String TLS = """
              ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets
              ssl-default-bind-ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305
            """;

    /**
     * What the scheduler asks a task, see docs/how-to/write-a-service.md: whoever may call an instance must not empty its
     * tasks. The path's first segment or the one after a step back, without parameters ({@code ;...}), which servers drop from
     * segments: Tomcat before it decodes, others after that.
     */
    private static final String PLATFORM_ONLY = """
            { path,url_dec,regsub(";[^/]*","",g) -m reg -i '%1$s' } || { path,regsub(";[^/]*","",g),url_dec -m reg -i '%1$s' }""".formatted("(^/+|/\\.\\./+)(\\./+)*switchboard(/|;|$)");

    // A task that died before it answered is hidden from those who may ask twice; anybody else gets the truth.
    private static final String HTTP = """
              retry-on conn-failure empty-response
              http-request disable-l7-retry unless METH_GET
              http-request set-timeout tunnel var(txn.tunnel) if { var(txn.tunnel) -m found }
              use-server %[var(txn.server)] if { var(txn.server) -m found }
            """;

    private void backend(StringBuilder text, String name, Pool.Kind kind, Layout layout) {
        text.append("backend ").append(name).append("\n  mode ").append(kind.http() ? "http" : "tcp");
        text.append("\n  balance ")
                .append(kind.weighted() ? "roundrobin" : "leastconn")
                .append('\n');
        text.append(kind.http() ? HTTP : "");
        new TreeMap<>(layout.servers(name)).forEach((server, at) -> text.append(server(server, at)));
    }

    /** Callers who name a task that has its own certificate are led to it as they are; all others are taken to the frontend. */
    private String byServerName() {
        return """
                frontend tls_in
                  mode tcp
                  bind %s
                %s  tcp-request inspect-delay 5s
                  tcp-request content reject unless { req.ssl_hello_type 1 }
                  tcp-request content set-var(txn.route) req.ssl_sni,lower,map(%s)
                %s  use_backend %%[var(txn.route)] if { var(txn.route) -m found }
                  default_backend tls_here
                backend tls_here
                  mode tcp
                  server here unix@%s send-proxy-v2
                """.formatted(
                        tlsBind,
                        expectProxy(),
                        map(6),
                        treatment("tcp-request content", "tcp-request content reject", "tcp-request content reject"),
                        tlsSocket());
    }

    private Path tlsSocket() {
        return sockets.resolve("tls.sock");
    }

    private Path map(int number) {
        return Maps.files(directory).get(number);
    }

    /** Only from these is such a header taken, and from these there must be one: nobody else can say who they are. */
    private String expectProxy() {
        return proxies.isEmpty()
                ? ""
                : "  tcp-request connection expect-proxy layer4 if { src %s }\n"
                        .formatted(proxies.stream().map(Network::text).collect(Collectors.joining(" ")));
    }

    /**
     * What the rules of a route say of a caller, before anything is asked of a task. Only what is let in counts for the rates:
     * who asks too often gets as much as anybody who asks just as often as is allowed.
     */
    private String treatment(String request, String forbid, String refuse) {
        return """
                  acl ruled var(txn.rules) -m found
                  acl listed var(txn.rules),field(%2$d,:) -m str %3$s
                  %1$s set-var(txn.rules) var(txn.route),map(%8$s)
                  %1$s set-var-fmt(txn.from) %%[src,hex,length]/%%[src,hex] if ruled
                  %9$s if listed !{ var(txn.route),concat(/,txn.from),map_beg(%10$s) -m found }
                  %1$s set-var(txn.counted_as) var(txn.rules),field(%12$d,:) if ruled
                  %1$s set-var(txn.connections) var(txn.rules),field(%4$d,:),add(0) if ruled
                  %1$s set-var(txn.rate) var(txn.rules),field(%5$d,:),add(0) if ruled
                  %1$s set-var(txn.caller_connections) var(txn.rules),field(%6$d,:),add(0) if ruled
                  %1$s set-var(txn.caller_rate) var(txn.rules),field(%7$d,:),add(0) if ruled
                  %1$s track-sc0 var(txn.counted_as) table per_route if ruled
                  %1$s track-sc1 var(txn.counted_as),concat(/,txn.from) table per_source if ruled
                  %11$s if ruled { sc1_conn_cur,sub(txn.caller_connections) gt 0 }
                  %11$s if ruled { sc1_gpc0_rate,sub(txn.caller_rate) ge 0 }
                  %11$s if ruled { sc0_conn_cur,sub(txn.connections) gt 0 }
                  %11$s if ruled { sc0_gpc0_rate,sub(txn.rate) ge 0 }
                  %1$s sc-inc-gpc0(0) if ruled
                  %1$s sc-inc-gpc0(1) if ruled
                """.formatted(
                        request,
                        Treatment.ACCESS,
                        Treatment.LISTED,
                        Treatment.CONNECTIONS,
                        Treatment.PER_SECOND,
                        Treatment.CONNECTIONS_PER_SOURCE,
                        Treatment.PER_SECOND_PER_SOURCE,
                        map(3),
                        forbid,
                        map(4),
                        refuse,
                        Treatment.COUNTED_AS);
    }

    /**
     * A cookie of a token, by which a caller comes back; looked up each time, so that it means nothing once its task drains. Instances
     * that share a host each have one of their own.
     */
    private static final String STICKINESS = """
              acl sticky var(txn.rules),field(2,:) -m str sticky
              http-request set-var(txn.tunnel) var(txn.rules),field(3,:) if ruled
              http-request set-var(txn.cookies) req.fhdr(cookie) if sticky
              http-request set-var(txn.token) 'var(txn.counted_as),concat(";",txn.cookies),regsub("^([0-9a-f]{16});(.*;)? *switchboard-task-\\\\1=([0-9a-f]{16}) *(;.*)?$","\\\\3")' if sticky
              http-request set-var(txn.server) var(txn.route),concat(.,txn.token),map(%s) if { var(txn.token) -m found }
              http-response set-var-fmt(txn.by) %%[var(txn.route)]/%%[srv_name] if sticky
              http-response set-var(txn.issued) var(txn.by),map(%s) if sticky
              http-response set-var(txn.beside) 'str("; Secure; SameSite=None")' if { ssl_fc }
              http-response add-header Set-Cookie "switchboard-task-%%[var(txn.counted_as)]=%%[var(txn.issued)]; Path=/; HttpOnly%%[var(txn.beside)]" if { var(txn.issued) -m found } !{ var(txn.issued),strcmp(txn.token) eq 0 }
            """;

    private String server(String name, Server server) {
        // A file can't say "drain"; what a draining server had is with the old worker, and new requests it gets none.
        return "  server " + name + " " + Commands.socket(server)
                + (server.weight() == 1 ? "" : Commands.weight(server)) + Layout.options(name) + (checks ? CHECK : "")
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
