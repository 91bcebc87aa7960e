package io.switchboard.contracts.access;

import io.switchboard.contracts.identity.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/** What carries traffic, and whether it does what it should; operators only. {@link Caller} parameters come from the access token. */
@HttpExchange("/api/v1/balancers")
public interface BalancersApi {

    /** Every balancer whose agent was heard of lately, by id. */
    @GetExchange
    List<BalancerView> balancers(@Nullable Caller caller);

    /**
     * Times when a balancer did something else than it was told, the latest first: somebody had a hand in it, or it came up with
     * old files. The last 50 of each balancer, kept for a week after the last.
     */
    @GetExchange("/drifts")
    List<DriftView> drifts(@Nullable Caller caller);

    /** What balancers present to callers of TLS, the one that ends first at the top; none of those that take no TLS. */
    @GetExchange("/certificates")
    List<CertificateView> certificates(@Nullable Caller caller);

    /**
     * What lies in etcd and can't be read, by key, as the process that answers sees it. It is passed over, all other records count,
     * and what was known of the same instance before goes on.
     */
    @GetExchange("/unreadable")
    List<UnreadableView> unreadable(@Nullable Caller caller);

    /**
     * @param key in etcd; what can't be printed is a {@code ?} in it
     * @param reason why it can't be read, without anything of its value
     * @param since when it was first seen
     */
    record UnreadableView(String key, String reason, Instant since) {}

    /**
     * @param balancer the id of its agent
     * @param file its name in the balancer's directory of certificates
     * @param names hosts that it is for; one may begin with {@code *.}
     * @param notAfter when it ends
     */
    record CertificateView(
            String balancer, String file, List<String> names, Instant notAfter, CertificateStanding standing) {

        public CertificateView {
            names = List.copyOf(names);
        }
    }

    /** How long a certificate will do. */
    enum CertificateStanding {
        VALID,
        /** Only for a few days more; it should be renewed. */
        ENDING,
        /** No more: callers are warned of it, or turn away. */
        ENDED
    }

    /**
     * @param balancer the id of its agent
     * @param rightUntil when it was last seen to be right; it differs since some time between this and {@code noticedAt}
     * @param noticedAt when it was seen not to be
     * @param repairedAt when it was seen to be right again; absent if it couldn't be repaired yet
     * @param count how many things differed
     * @param differences the first 20 of them
     */
    record DriftView(
            String balancer,
            Instant rightUntil,
            Instant noticedAt,
            Optional<Instant> repairedAt,
            int count,
            List<DifferenceView> differences) {

        public DriftView {
            differences = List.copyOf(differences);
        }
    }

    /**
     * @param what a server, a host, a port, a frontend or the settings as a whole
     * @param wanted empty if it should not be there
     * @param found empty if it was not there
     */
    record DifferenceView(String what, String wanted, String found) {}

    /**
     * @param id of the balancer's agent
     * @param since when it came to stand so, seen from who answers
     * @param revision all changes of routes up to this revision of etcd are in force there
     * @param newest the revision of the newest change of a route
     * @param behindMillis how long the oldest change that isn't in force there has been known; 0 if there is none
     * @param version of HAProxy; empty where none runs
     * @param instances whose routes it carries
     * @param refused instances that it can't carry; its log says why
     * @param repairs how often it did something else than it was told, since its agent started
     * @param oldWorkers processes of HAProxy from before a reload, which end once the calls that they hold have ended
     */
    record BalancerView(
            String id,
            AccessApi.Mode mode,
            Standing standing,
            Instant since,
            long revision,
            long newest,
            long behindMillis,
            String version,
            int instances,
            int refused,
            long repairs,
            int oldWorkers,
            Instant startedAt) {}

    /** How a balancer stands to what it should do. */
    enum Standing {
        /** Traffic follows all changes, or will in a moment. */
        IN_STEP,
        /** Its agent lives, but changes are not in force there although they should be. */
        BEHIND,
        /** Its agent says nothing any more; traffic goes on by what was in force last. */
        SILENT
    }
}
