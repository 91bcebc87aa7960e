package io.switchboard.engine.marathon;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls over HTTP to whichever of Marathon's processes answers. Reads are tried at each address; a write is sent again
 * only if it certainly did not arrive.
 */
final class Wire implements Transport {

    private static final Logger log = LoggerFactory.getLogger(Wire.class);

    private static final int MOST_REDIRECTS = 3;
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);

    private final List<URI> urls;
    private final Optional<String> authorization;
    private final Duration timeout;
    private final HttpClient http;
    private final AtomicInteger current = new AtomicInteger();

    /** @param tls null for the JVM's own trust */
    Wire(MarathonEngineProperties properties, @Nullable SSLContext tls) {
        this.urls = properties.urls();
        this.timeout = properties.timeout();
        this.authorization = authorization(properties);
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(Version.HTTP_1_1)
                // By hand: the client's own way drops the authorization.
                .followRedirects(Redirect.NEVER)
                .connectTimeout(properties.connectTimeout());
        this.http = (tls == null ? builder : builder.sslContext(tls)).build();
    }

    private static Optional<String> authorization(MarathonEngineProperties properties) {
        if (properties.token() != null) {
            return Optional.of("token=" + properties.token());
        }
        if (properties.username() == null) {
            return Optional.empty();
        }
        String pair = properties.username() + ":" + properties.password();
        return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public Reply send(String method, String target, byte[] body) {
        boolean reads = method.equals("GET");
        WireFailure last = new WireFailure("no address was tried", false, null);
        for (int attempt = 0; attempt < urls.size(); attempt++) {
            int index = Math.floorMod(current.get(), urls.size());
            try {
                HttpResponse<String> response = exchange(urls.get(index), method, target, body, timeout);
                if (!isNobodyHome(response.statusCode())) {
                    return new Reply(response.statusCode(), response.body());
                }
                last = new WireFailure(
                        urls.get(index) + " answered " + response.statusCode() + ": there is no leader now",
                        true,
                        null);
            } catch (IOException e) {
                last = new WireFailure(urls.get(index) + ": " + words(e), mayHaveArrived(e), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new WireFailure("interrupted", true, e);
            }
            current.compareAndSet(index, index + 1);
            if (!reads && last.mayHaveArrived()) {
                throw last;
            }
        }
        throw last;
    }

    private static boolean isNobodyHome(int status) {
        return status == 502 || status == 504;
    }

    private static boolean mayHaveArrived(IOException failure) {
        return !(failure instanceof ConnectException) && !(failure instanceof HttpConnectTimeoutException);
    }

    private static String words(IOException failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    private HttpResponse<String> exchange(URI base, String method, String target, byte[] body, Duration most)
            throws IOException, InterruptedException {
        URI uri = URI.create(base.toString().replaceAll("/+$", "") + target);
        for (int hop = 0; ; hop++) {
            HttpRequest.Builder request = request(uri)
                    .timeout(most)
                    .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
            if (body.length > 0) {
                request.setHeader("Content-Type", "application/json");
            }
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            Optional<URI> next = redirect(uri, response);
            if (next.isEmpty() || hop == MOST_REDIRECTS) {
                return response;
            }
            uri = next.get();
        }
    }

    private HttpRequest.Builder request(URI uri) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).setHeader("Accept", "application/json");
        authorization.ifPresent(value -> request.setHeader("Authorization", value));
        return request;
    }

    /** Never from an encrypted connection to one that isn't: the login would go with it. */
    private static Optional<URI> redirect(URI from, HttpResponse<?> response) {
        int status = response.statusCode();
        if (status != 301 && status != 302 && status != 307 && status != 308) {
            return Optional.empty();
        }
        return response.headers()
                .firstValue("Location")
                .map(from::resolve)
                .filter(to -> !"https".equals(from.getScheme()) || "https".equals(to.getScheme()));
    }

    @Override
    public boolean answers() {
        for (int attempt = 0; attempt < urls.size(); attempt++) {
            int index = Math.floorMod(current.get(), urls.size());
            try {
                // Not /ping: a process that does not lead answers that, too.
                if (exchange(urls.get(index), "GET", "/v2/leader", new byte[0], PROBE_TIMEOUT)
                                .statusCode()
                        < 400) {
                    return true;
                }
            } catch (IOException e) {
                log.debug("{} does not answer: {}", urls.get(index), words(e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
            current.compareAndSet(index, index + 1);
        }
        return false;
    }

    @Override
    public InputStream events(String target) {
        WireFailure last = new WireFailure("no address was tried", false, null);
        for (int attempt = 0; attempt < urls.size(); attempt++) {
            int index = Math.floorMod(current.get(), urls.size());
            try {
                return stream(urls.get(index), target);
            } catch (IOException e) {
                last = new WireFailure(urls.get(index) + ": " + words(e), false, e);
                current.compareAndSet(index, index + 1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new WireFailure("interrupted", false, e);
            }
        }
        throw last;
    }

    private InputStream stream(URI base, String target) throws IOException, InterruptedException {
        URI uri = URI.create(base.toString().replaceAll("/+$", "") + target);
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpRequest request = request(uri)
                    .setHeader("Accept", "text/event-stream")
                    .timeout(timeout)
                    .build();
            HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
            if (response.statusCode() == 200) {
                return response.body();
            }
            response.body().close();
            Optional<URI> next = redirect(uri, response);
            if (next.isEmpty()) {
                throw new IOException("the event stream was answered with " + response.statusCode());
            }
            uri = next.get();
        }
        throw new IOException("the event stream was redirected too often");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
