package io.switchboard.access.endpoint;

import io.switchboard.access.route.Domains;
import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.Policy;
import io.switchboard.access.route.Upstream;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * What is known of every instance. Knowledge only ends when an instance is said to be removed: neither silence of the
 * scheduler nor of the store, nor lost data or expired leases take a route away.
 */
public interface EndpointRegistry {

    /**
     * Stores a snapshot; one that tells nothing new changes nothing.
     *
     * @throws RegistryUnavailable if the store gave no answer; the same call may succeed later
     * @throws IllegalArgumentException if the snapshot can't be routed, and never will be
     */
    void register(TaskSnapshot snapshot);

    /**
     * Vouches for the endpoints of these instances and no others, until the scheduler has been silent for too long.
     *
     * @param instances all that the scheduler knows, each registered before as it told
     * @param asked when it was asked, by {@link System#nanoTime}; what was registered later is vouched for as well
     */
    void confirm(Set<UUID> instances, long asked);

    /**
     * Stores how an instance's routes treat who calls, in place of what was said before.
     *
     * @return the instance after that; empty if none that isn't removed is known by the id
     * @throws RegistryUnavailable if the store gave no answer; the same call may succeed later
     */
    Optional<Upstream> govern(UUID instanceId, Policy policy);

    /**
     * Changes by which domains an instance is called. A domain that is verified is one instance's only: a change that would take
     * one from another changes nothing.
     *
     * @param name of the domain that changes
     * @param change of what is stored; may be asked more than once
     * @param from an instance of the same tenant that gives the domain up; empty: none does
     * @return the instance after that; empty if none that isn't removed is known by the id
     * @throws RegistryUnavailable if the store gave no answer; the same call may succeed later
     */
    Optional<Upstream> name(UUID instanceId, String name, UnaryOperator<Domains> change, Optional<UUID> from);

    /** Everything known now, with instances that were removed lately, in no order. */
    Collection<Upstream> upstreams();

    Optional<Upstream> upstream(UUID instanceId);

    /** Whether the store answered last; while it doesn't, no change is taken, and what is known stays. */
    boolean answers();

    /** Whether nobody vouches for the endpoint any more: who registered it is gone, and traffic goes there as before. */
    boolean stale(Upstream upstream, Endpoint endpoint);

    /** How far this process knows the store; read it before what it is compared with. */
    Position position();

    /** The revision of the change that made the instance what is known of it; 0 if it isn't stored or was lost. */
    long revision(UUID instanceId);

    /** What agents say of themselves, beside what they should do. */
    AgentReports agents();

    /**
     * @param incarnation of the store's data; revisions of another one can't be compared with these
     * @param seen all changes of upstreams up to this revision are known; 0 until they were listed once
     * @param newest the revision of the newest change of an upstream that is known
     */
    record Position(String incarnation, long seen, long newest) {}

    /** What lies in the store and can't be read, by key: it is passed over, and what was known instead goes on. */
    default List<UnreadableRecord> unreadable() {
        return List.of();
    }

    /** Calls the listener after any change; it must return quickly. */
    void onChange(Runnable listener);
}
