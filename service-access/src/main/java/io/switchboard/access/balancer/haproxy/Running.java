package io.switchboard.access.balancer.haproxy;

/** What HAProxy does, or what its files say. */
record Running(ConfigFile config, Layout layout) {}
