package io.switchboard.contracts.access;

import io.switchboard.contracts.scheduling.PortSpec.Protocol;

/**
 * Where an instance answers.
 *
 * @param port the name of the service's port, for example {@code http}
 * @param url what a client uses: {@code http://support-line.acme.switchboard.localhost:8000}, {@code tcp://host:port}, or
 *     {@code sip:trunk.acme.switchboard.localhost:5060;transport=udp} (RFC 3261, section 19.1)
 */
public record Address(String port, Protocol protocol, String url) {}
