package io.switchboard.console.remote;

import io.switchboard.console.session.AccessTokens;
import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/** Sends the viewer's own token along, so that a service decides what the viewer may see, and names silent services. */
class CallsForTheViewer implements ClientHttpRequestInterceptor {

    private final String service;
    private final AccessTokens tokens;

    CallsForTheViewer(String service, AccessTokens tokens) {
        this.service = service;
        this.tokens = tokens;
    }

    @Override
    public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution) {
        request.getHeaders().setBearerAuth(tokens.current());
        try {
            return execution.execute(request, body);
        } catch (IOException | IllegalStateException | UnresolvedAddressException silent) {
            // The load balancer says IllegalStateException when it knows no running copy of the service.
            throw RemoteProblem.silence(service);
        }
    }
}
