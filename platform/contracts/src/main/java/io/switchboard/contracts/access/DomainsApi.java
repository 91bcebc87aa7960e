package io.switchboard.contracts.access;

import io.switchboard.contracts.identity.Caller;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.annotation.PutExchange;

/**
 * Host names of tenants' own, or paths of them, by which their instances are called besides: for the instance's tenant and for
 * operators. A name leads callers once its DNS shows that the tenant may say so, and to one tenant only, whose instances may share it
 * by paths. Every call may be repeated.
 * {@link Caller} parameters come from the access token; a client passes {@code null}.
 */
@HttpExchange("/api/v1")
public interface DomainsApi {

    /** Of the caller's tenant, or all for an operator, by name. */
    @GetExchange("/domains")
    List<DomainView> domains(@Nullable Caller caller);

    /**
     * Claims a name for an instance, or leads it there: what the same tenant has verified for another of its instances stays
     * verified. A claim keeps nobody else from claiming the same.
     *
     * @param domain as {@code calls.example.com}; with a path also the name that the platform gave another instance of the tenant,
     *     which needs no proof
     */
    @PutExchange("/routes/{instanceId}/domains/{domain}")
    DomainView claim(
            @PathVariable UUID instanceId,
            @PathVariable String domain,
            @RequestBody @Valid DomainRequest request,
            @Nullable Caller caller);

    /**
     * Looks into DNS now, which otherwise happens by itself, too; answers once the name leads callers, or says why it doesn't. Whoever
     * asks for one domain more than 5 times at once, or a tenant for all of its more than 20 times, waits 2 seconds for each further one.
     */
    @PostExchange("/routes/{instanceId}/domains/{domain}/check")
    DomainView check(@PathVariable UUID instanceId, @PathVariable String domain, @Nullable Caller caller);

    /** The name leads nobody any more, and others may claim it; one that isn't there is deleted already. */
    @DeleteExchange("/routes/{instanceId}/domains/{domain}")
    void delete(@PathVariable UUID instanceId, @PathVariable String domain, @Nullable Caller caller);

    /** What became of the instance's domains, also of those that are gone: the last 30 events, the latest first. */
    @GetExchange("/routes/{instanceId}/domains/history")
    List<DomainEventView> history(@PathVariable UUID instanceId, @Nullable Caller caller);

    /**
     * @param port the name of the service's port; the first one that has a route if absent
     * @param path what of the host the instance gets, as {@code /chat}, which stands for {@code /chat} and all below it; of several
     *     that fit a request the longest gets it, unchanged. Absent or {@code /}: all of the host that no other path gets
     */
    record DomainRequest(
            @Nullable @Size(max = 63) String port,
            @Nullable @Size(max = 200) String path) {}

    /**
     * @param name in lower case and ASCII, as DNS has it
     * @param path the part of the host that the instance gets; {@code /} for all of it that no other path gets
     * @param challenge what DNS must show
     * @param pointTo the host name that callers must be sent to by the domain's own CNAME or address record; the name itself if the
     *     platform gave it
     * @param verifiedAt since when it leads callers; absent while it doesn't
     * @param missingSince since when DNS shows the challenge no more; absent while it does, or never did
     * @param releasedAt when it will lead nobody any more unless DNS shows the challenge again; absent otherwise
     * @param lastCheck absent if whoever answers hasn't looked into DNS yet
     * @param tls what callers of TLS meet who name it
     * @param certificateUntil when the certificate ends that the balancers present for it, the first of several; absent without one
     */
    record DomainView(
            String name,
            String path,
            String tenant,
            UUID instanceId,
            String instanceName,
            String port,
            State state,
            DnsRecord challenge,
            String pointTo,
            Instant claimedAt,
            Optional<Instant> verifiedAt,
            Optional<Instant> missingSince,
            Optional<Instant> releasedAt,
            Optional<LastCheck> lastCheck,
            Tls tls,
            Optional<Instant> certificateUntil) {}

    /** What callers of TLS meet. */
    enum Tls {
        /** No balancer takes TLS. */
        NOT_TAKEN,
        /** The task itself, with its own certificate: the domain is of a TCP port. */
        BY_TASK,
        CERTIFICATE,
        /** Some balancer takes TLS and has no certificate that fits, or only one that has ended: they are turned away. */
        NO_CERTIFICATE
    }

    /** Whether a domain leads callers. */
    enum State {
        /** Not yet: DNS hasn't shown the challenge. */
        PENDING,
        VERIFIED,
        /** Still, but DNS shows the challenge no more. */
        MISSING
    }

    /**
     * A record of DNS.
     *
     * @param name of the record
     * @param type {@code TXT}
     * @param value one of the record's values must be this
     */
    record DnsRecord(String name, String type, String value) {}

    /** @param finding a sentence */
    record LastCheck(Instant at, String finding) {}

    /**
     * @param path what the domain meant from then on, or last; {@code /} for the whole host
     * @param what {@code CLAIMED}, {@code PORT_CHANGED}, {@code PATH_CHANGED}, {@code VERIFIED}, {@code RECORD_MISSING}, {@code RECORD_BACK},
     *     {@code RELEASED} after it was missing for too long, {@code EXPIRED} if it was never shown, {@code MOVED_HERE} and
     *     {@code MOVED_AWAY} between instances of the tenant, or {@code DELETED}
     * @param by whose call brought it about; empty where nobody's did
     */
    record DomainEventView(Instant at, String domain, String path, String what, String by) {}
}
