package io.switchboard.fakes;

import io.switchboard.contracts.access.DomainsApi;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.ProblemCode;
import io.switchboard.contracts.problem.RequestProblem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Domains whose DNS shows their record at the second look, and loses it at the fourth. */
@RestController
class FakeDomains implements DomainsApi {

    private static final ProblemCode DOMAIN_NOT_PROVEN = new ProblemCode(
            "DOMAIN_NOT_PROVEN",
            409,
            "Publish the TXT record that 'challenge' names, wait until your DNS serves it, then check again.");

    private final Map<String, DomainView> domains = new TreeMap<>();
    private final Map<String, Integer> looks = new TreeMap<>();
    private final List<DomainEventView> events = new ArrayList<>();

    @Override
    public synchronized List<DomainView> domains(@Nullable Caller caller) {
        return List.copyOf(domains.values());
    }

    @Override
    public synchronized DomainView claim(
            UUID instanceId, String domain, @RequestBody DomainRequest request, @Nullable Caller caller) {
        if (domain.contains("*")) {
            throw RequestProblem.invalid("domain", "must be a host name as calls.example.com, without wildcards");
        }
        var path = Objects.requireNonNullElse(request.path(), "/");
        if (path.contains("..")) {
            throw RequestProblem.invalid("path", "must be a path as /chat, without . and .. as a segment");
        }
        var before = domains.get(domain);
        boolean moved = before != null && !before.path().equals(path);
        events.addFirst(new DomainEventView(
                Instant.now(),
                domain,
                path,
                moved ? "PATH_CHANGED" : "CLAIMED",
                FakeOrders.signedIn(caller).subject()));
        return put(instanceId, domain, path, State.PENDING);
    }

    synchronized DomainView put(UUID instanceId, String domain, State state) {
        var before = domains.get(domain);
        return put(instanceId, domain, before == null ? "/" : before.path(), state);
    }

    private DomainView put(UUID instanceId, String domain, String path, State state) {
        var now = Instant.now();
        var view = new DomainView(
                domain,
                path,
                "acme",
                instanceId,
                "support-line",
                "http",
                state,
                new DnsRecord("_switchboard-challenge." + domain, "TXT", "switchboard=" + "0".repeat(40)),
                "edge.switchboard.example",
                now,
                state == State.PENDING ? Optional.empty() : Optional.of(now),
                state == State.MISSING ? Optional.of(now) : Optional.empty(),
                state == State.MISSING ? Optional.of(now.plus(Duration.ofHours(72))) : Optional.empty(),
                Optional.of(new LastCheck(
                        now, state == State.VERIFIED ? "DNS shows the record." : "DNS has no such record.")),
                Tls.NO_CERTIFICATE,
                Optional.empty());
        domains.put(domain, view);
        return view;
    }

    @Override
    public synchronized DomainView check(UUID instanceId, String domain, @Nullable Caller caller) {
        int look = looks.merge(domain, 1, Integer::sum);
        if (look == 1) {
            throw new Problem(DOMAIN_NOT_PROVEN, "DNS has no TXT record _switchboard-challenge." + domain + ".");
        }
        var view = put(instanceId, domain, look < 4 ? State.VERIFIED : State.MISSING);
        events.addFirst(
                new DomainEventView(Instant.now(), domain, view.path(), look < 4 ? "VERIFIED" : "RECORD_MISSING", ""));
        return view;
    }

    @Override
    public synchronized void delete(UUID instanceId, String domain, @Nullable Caller caller) {
        var gone = domains.remove(domain);
        events.addFirst(new DomainEventView(
                Instant.now(),
                domain,
                gone == null ? "/" : gone.path(),
                "DELETED",
                FakeOrders.signedIn(caller).subject()));
    }

    @Override
    public synchronized List<DomainEventView> history(UUID instanceId, @Nullable Caller caller) {
        return List.copyOf(events);
    }
}
