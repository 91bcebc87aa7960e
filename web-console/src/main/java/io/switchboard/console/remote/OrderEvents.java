package io.switchboard.console.remote;

import java.io.InputStream;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/** The request service's server-sent events, beside its {@code OrdersApi}. */
@HttpExchange
public interface OrderEvents {

    /**
     * The order's timeline as it grows, one server-sent event per entry. The caller reads the stream and closes it.
     *
     * @param last sequence of the last entry that is known already
     */
    @GetExchange(url = "/api/v1/orders/{id}/events", accept = "text/event-stream")
    InputStream follow(
            @PathVariable UUID id, @RequestHeader(value = "Last-Event-ID", required = false) @Nullable String last);
}
