package io.switchboard.access.endpoint;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What all agents say of themselves. An agent that falls silent is remembered for a while, because its balancer goes on. */
public interface AgentReports {

    /** Says it for this process's agent, instead of what it said before. Returns at once; only the latest is heard of. */
    void say(AgentReport own);

    /**
     * Says when this process's balancer did something else than it was told, the latest first, instead of what was said of that
     * before. Returns at once.
     */
    void drifted(String id, List<Drift> own);

    /** What was said of that, by agents' ids; it is remembered for some days, also of agents that are there no more. */
    Map<String, List<Drift>> drifts();

    /** Says which certificates this process's balancer presents, instead of what it said of that before. Returns at once. */
    void presented(String id, List<PresentedCertificate> own);

    /** What was said of that, by the ids of agents that are remembered; those whose balancer takes no TLS are missing. */
    Map<String, List<PresentedCertificate>> presented();

    /** This process's agent ends in good order, and so did its balancer; nobody waits for it any more. */
    void withdraw();

    /** This process's agent ends in good order while its balancer goes on: it is waited for until it is forgotten. */
    void fallSilent();

    /** Of every agent the last report, this process's own included. */
    Collection<Heard> heard();

    /** Calls the listener after another agent has said something or fell silent; it must return quickly. */
    void onChange(Runnable listener);

    /** @param alive whether the agent still shows that it is there */
    record Heard(AgentReport report, boolean alive) {}
}
