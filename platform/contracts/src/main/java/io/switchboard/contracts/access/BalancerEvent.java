package io.switchboard.contracts.access;

import java.time.Instant;

/**
 * A balancer stands otherwise to what it should do than before; on topic {@link #TOPIC}, whose messages are JSON arrays. Every
 * process that watches says so, so an event may come several times.
 *
 * @param id of the balancer's agent
 * @param revision all changes of routes up to this revision of etcd are in force there
 * @param newest the revision of the newest change of a route
 */
public record BalancerEvent(String id, BalancersApi.Standing standing, Instant at, long revision, long newest) {

    public static final String TOPIC = "events.balancer";
}
