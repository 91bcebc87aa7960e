package io.switchboard.contracts.access;

import io.switchboard.contracts.scheduling.PortSpec.Protocol;

/**
 * Where an instance answers.
 *
 * @param port the name of the service's port, for example {@code http}
 * @param url what a client uses: {@code http://support-line.acme.switchboard.localhost:8000} or {@code tcp://host:port}
 */
public record Address(String port, Protocol protocol, String url) {}
