package io.switchboard.config.delivery;

import io.switchboard.config.delivery.Snapshot.Asking;
import io.switchboard.config.delivery.Snapshot.Known;
import io.switchboard.configprotocol.ClientReport.Health;
import io.switchboard.configprotocol.ClientReport.Trials;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.problem.RequestProblem;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Releases for an application that shows its credential. Several namespaces come as they were at one moment, so that what was
 * published together arrives together. Waiting takes no thread.
 */
@RestController
@RequestMapping("/delivery/v1/{stage}")
class DeliveryController {

    private static final int MOST_NAMESPACES = 20;
    private static final int LONGEST_WAIT = 60;

    /** RFC 7240. */
    private static final Pattern WAIT = Pattern.compile("(?:^|[,;\\s])wait=\"?([0-9]{1,4})\"?(?:$|[,;\\s])");

    private final Feeds feeds;
    private final ReleaseStreams streams;
    private final HttpClients clients;
    private final WaitingClients waiting;

    DeliveryController(Feeds feeds, ReleaseStreams streams, HttpClients clients, WaitingClients waiting) {
        this.feeds = feeds;
        this.streams = streams;
        this.clients = clients;
        this.waiting = waiting;
    }

    /**
     * The releases in effect; 304 if they are those of {@code If-None-Match}. With {@code Prefer: wait=SECONDS} (60 at most)
     * that is answered only after so long, and a release at once.
     *
     * @param client name under which the client reports what it runs; one that says it is given canaries
     * @param label {@code name=value}, by which canaries choose it
     */
    @GetMapping
    DeferredResult<ResponseEntity<?>> releases(
            Reader reader,
            @PathVariable String stage,
            @RequestParam(defaultValue = NamespacePath.DEFAULT_NAMESPACE) List<String> namespace,
            @RequestParam(required = false) @Nullable String client,
            @RequestParam(required = false) @Nullable List<String> label,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String tag,
            @RequestHeader(name = "Prefer", required = false) @Nullable String prefer) {
        Feed feed = feeds.of(paths(reader, stage, namespace));
        Asking asking = asking(client, label);
        Optional<Known> known = Known.of(tag);
        Duration wait = wait(prefer);
        if (known.isEmpty() || wait.isZero()) {
            Snapshot read = feed.read().as(asking);
            Snapshot found =
                    known.map(before -> atLeast(feed, read, asking, before)).orElse(read);
            return answered(known.filter(found::is).isPresent() ? unchanged(found.tag()) : found(found));
        }
        return waiting(reader, feed, asking, known.get(), wait);
    }

    private DeferredResult<ResponseEntity<?>> waiting(
            Reader reader, Feed feed, Asking asking, Known known, Duration wait) {
        Snapshot now = atLeast(feed, feed.now().as(asking), asking, known);
        if (!now.is(known)) {
            return answered(found(now));
        }
        WaitingClients.Place place = waiting.enter(reader.tenant());
        var result = new DeferredResult<ResponseEntity<?>>(jittered(wait).toMillis());
        Consumer<Snapshot> onLook = later -> {
            Snapshot own = later.as(asking);
            if (!own.is(known)) {
                result.setResult(found(own));
            }
        };
        result.onTimeout(() -> result.setResult(unchanged(now.tag())));
        result.onCompletion(() -> {
            feed.leave(onLook);
            place.close();
        });
        feed.join(onLook);
        try {
            // What came between the look and the joining told nobody.
            onLook.accept(feed.now());
        } catch (RuntimeException e) {
            // Nobody completes what is not returned.
            feed.leave(onLook);
            place.close();
            throw e;
        }
        return result;
    }

    /** No client goes back to an older release because it asks another node of ours than before. */
    private static Snapshot atLeast(Feed feed, Snapshot found, Asking asking, Known client) {
        return !found.is(client) && found.isBehind(client) ? feed.newest().as(asking) : found;
    }

    /** Up to a tenth shorter: clients that began together don't come back together. */
    private static Duration jittered(Duration wait) {
        return wait.minusMillis(ThreadLocalRandom.current().nextLong(wait.toMillis() / 10 + 1));
    }

    private static DeferredResult<ResponseEntity<?>> answered(ResponseEntity<?> answer) {
        var result = new DeferredResult<ResponseEntity<?>>();
        result.setResult(answer);
        return result;
    }

    private static ResponseEntity<Delivery> found(Snapshot snapshot) {
        return headers(ResponseEntity.ok(), snapshot.tag()).body(Delivery.of(snapshot));
    }

    private static ResponseEntity<Void> unchanged(String tag) {
        return headers(ResponseEntity.status(HttpStatus.NOT_MODIFIED), tag).build();
    }

    private static ResponseEntity.BodyBuilder headers(ResponseEntity.BodyBuilder answer, String tag) {
        return answer.eTag(tag).header(HttpHeaders.CACHE_CONTROL, "private, no-cache");
    }

    /** An event {@code release} with the same body now, unless it is that of {@code Last-Event-ID}, and with each release. */
    @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter events(
            Reader reader,
            @PathVariable String stage,
            @RequestParam(defaultValue = NamespacePath.DEFAULT_NAMESPACE) List<String> namespace,
            @RequestParam(required = false) @Nullable String client,
            @RequestParam(required = false) @Nullable List<String> label,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastId) {
        return streams.open(reader, feeds.of(paths(reader, stage, namespace)), asking(client, label), Known.of(lastId));
    }

    /**
     * What the client runs: it shows among the namespace's clients until it wasn't repeated for {@link HttpClients#LEASE}.
     *
     * @param release its number; 0 if it has none
     * @param problem why it could not take over a later one, without any value
     * @param labels those it asks with; one that sends none, not even an empty object, has no say in a canary that it gets, and
     *     no canary is started for it alone
     * @param refused number of the release that it could not take over
     * @param healthy whether the application is, while it runs a canary; absent if it can't tell
     */
    record ReportRequest(
            @NotNull @Min(0) Long release,
            @Size(max = 1_000) @Nullable String problem,
            @Nullable Map<String, @NotNull String> labels,
            @Nullable @Min(1) Long refused,
            @Nullable Boolean healthy) {

        private Optional<Trials> trials() {
            return labels == null
                    ? Optional.empty()
                    : Optional.of(new Trials(
                            new TreeMap<>(checked(labels)),
                            refused == null ? OptionalLong.empty() : OptionalLong.of(refused),
                            healthy == null ? Health.UNKNOWN : healthy ? Health.UP : Health.DOWN));
        }
    }

    private static Asking asking(@Nullable String client, @Nullable List<String> labels) {
        Map<String, String> byName = new HashMap<>();
        for (String label : labels == null ? List.<String>of() : labels) {
            int equals = label.indexOf('=');
            if (equals < 1) {
                throw RequestProblem.invalid("label", "must have the form name=value");
            }
            byName.put(label.substring(0, equals), label.substring(equals + 1));
        }
        return new Asking(Optional.ofNullable(client), checked(byName));
    }

    private static Map<String, String> checked(Map<String, String> labels) {
        try {
            Trials.checkLabels(labels);
            return labels;
        } catch (IllegalArgumentException e) {
            throw RequestProblem.invalid("labels", String.valueOf(e.getMessage()));
        }
    }

    @PutMapping("/{namespace}/clients/{client}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void report(
            Reader reader,
            @PathVariable String stage,
            @PathVariable String namespace,
            @PathVariable String client,
            @RequestBody @Valid ReportRequest report) {
        NamespacePath path = reader.namespace(stage, namespace);
        if (client.isBlank() || client.length() > 200) {
            throw RequestProblem.invalid("client", "must be 1 to 200 characters");
        }
        clients.report(path, client, report.release(), Optional.ofNullable(report.problem()), report.trials());
    }

    private static SortedSet<NamespacePath> paths(Reader reader, String stage, List<String> namespaces) {
        var paths = new TreeSet<NamespacePath>();
        namespaces.forEach(namespace -> paths.add(reader.namespace(stage, namespace)));
        if (paths.isEmpty() || paths.size() > MOST_NAMESPACES) {
            throw RequestProblem.invalid("namespace", "must be 1 to " + MOST_NAMESPACES + " names");
        }
        return paths;
    }

    private static Duration wait(@Nullable String prefer) {
        Matcher matcher = WAIT.matcher(prefer == null ? "" : prefer);
        return matcher.find()
                ? Duration.ofSeconds(Math.min(LONGEST_WAIT, Integer.parseInt(matcher.group(1))))
                : Duration.ZERO;
    }
}
