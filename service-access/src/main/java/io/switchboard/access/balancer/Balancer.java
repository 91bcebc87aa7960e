package io.switchboard.access.balancer;

import io.switchboard.access.endpoint.Drift;
import io.switchboard.access.endpoint.PresentedCertificate;
import io.switchboard.access.route.Upstream;
import io.switchboard.contracts.access.AccessApi;
import io.switchboard.contracts.access.Address;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What carries traffic by the route table.
 *
 * <p>Calls state the whole wish and may be repeated. They are made by one thread, one after the other, but for {@link #save} and
 * {@link #auditDue}.
 */
public interface Balancer extends AutoCloseable {

    AccessApi.Mode mode();

    /**
     * Carries traffic by exactly these upstreams from now on. New requests go to ready endpoints only, what runs on
     * others may finish, and removed instances answer no more. One upstream that can't be carried doesn't hinder others.
     *
     * @return for each upstream that is carried otherwise than before what became of it, seen in the balancer itself; those not
     *     named are as they were, or under way
     * @throws BalancerUnavailable if the balancer gave no answer; the same call may succeed later
     */
    Map<UUID, Outcome> carry(Collection<Upstream> upstreams);

    /**
     * The same after a look at everything that the balancer really does; repairs what differs.
     *
     * @return for each upstream what became of it, unless it is under way
     * @throws BalancerUnavailable if the balancer gave no answer; the same call may succeed later
     */
    Map<UUID, Outcome> audit(Collection<Upstream> upstreams);

    /**
     * Looks at everything that the balancer really does, beside changes, so that none waits for it; may be called by any thread.
     *
     * @param upstreams the wish, as far as it is known by now
     * @return whether {@link #audit} may find something to repair
     * @throws BalancerUnavailable if the balancer gave no answer
     */
    default boolean auditDue(Collection<Upstream> upstreams) {
        return true;
    }

    /**
     * Puts down what is in force, so that the balancer comes back with it whoever starts it. May be called by any thread, soon
     * after a change but not before it is announced.
     *
     * @throws java.io.UncheckedIOException if it can't be written; what was put down before is whole then
     */
    void save();

    /** What balances, as last seen; may be called by any thread. */
    Condition condition();

    /**
     * @param version of the program; empty where none runs
     * @param repairs how often it did something else than it was told, since this process started
     * @param drifts the last of these times, the latest first
     * @param certificates what it presents to callers of TLS; empty if it takes none
     * @param oldWorkers processes from before a reload, which end once the calls that they hold have ended
     */
    record Condition(
            String version,
            long repairs,
            List<Drift> drifts,
            Optional<List<PresentedCertificate>> certificates,
            int oldWorkers) {

        public Condition {
            drifts = List.copyOf(drifts);
            certificates = certificates.map(List::copyOf);
        }
    }

    /**
     * What is counted for whatever routes lead or led to; may be called by any thread. Empty where nothing counts.
     *
     * @throws BalancerUnavailable if the balancer gave no answer; the same call may succeed later
     */
    List<Counted> counted();

    /** Calls the listener, from any thread, when the balancer has ended or needs to be looked after; {@link #audit} does that. */
    void onEnd(Runnable listener);

    /** Calls the listener, from any thread, when the next {@link #carry} has more to tell of what was wished before. */
    default void onNews(Runnable listener) {}

    /** Leaves traffic as it is, unless its settings say that the balancer ends with this process. */
    @Override
    void close();

    /** Whether something still carries traffic after {@link #close}. */
    boolean goesOn();

    /** What became of an upstream. */
    sealed interface Outcome {

        /** @param addresses where the instance answers */
        record InForce(List<Address> addresses) implements Outcome {

            public InForce {
                addresses = List.copyOf(addresses);
            }
        }

        /** @param reason a sentence for operators */
        record Refused(String reason) implements Outcome {}
    }
}
