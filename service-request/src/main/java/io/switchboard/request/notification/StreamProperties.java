package io.switchboard.request.notification;

import jakarta.validation.constraints.Positive;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How many event streams this process holds open at once; one more is refused with 429.
 *
 * @param perTenant of one tenant; operators and services are only bound by the sum
 * @param inAll of everybody together; each takes a socket, a virtual thread and a queue
 */
@Validated
@ConfigurationProperties("request.streams")
record StreamProperties(
        @DefaultValue("200") @Positive int perTenant,
        @DefaultValue("5000") @Positive int inAll) {}
