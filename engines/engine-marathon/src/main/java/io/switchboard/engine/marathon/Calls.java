package io.switchboard.engine.marathon;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import feign.Contract;
import feign.Feign;
import feign.Logger;
import feign.MethodMetadata;
import feign.Param;
import feign.Request;
import feign.RequestLine;
import feign.RequestTemplate;
import feign.Response;
import feign.Retryer;
import feign.Util;
import feign.gson.GsonDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mesosphere.marathon.client.Marathon;
import mesosphere.marathon.client.model.v2.App;
import mesosphere.marathon.client.model.v2.Result;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is asked of Marathon. Writes of whole apps go through its own client; whatever that client can't say or would
 * lose (several embeds, tasks' addresses, reasons in the queue, kill with scale) goes over the same wire by hand.
 */
final class Calls {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The client's calls, and those it lacks. */
    interface Client extends Marathon {

        @RequestLine("POST /v2/apps?force={force}")
        Result createApp(App app, @Param("force") boolean force);

        /** One deployment for all; creates those that aren't there. */
        @RequestLine("PUT /v2/apps?force={force}")
        Result updateApps(List<? extends App> apps, @Param("force") boolean force);
    }

    /** Read once: it takes longer than a call. */
    private static final List<MethodMetadata> METHODS = new Contract.Default().parseAndValidateMetadata(Client.class);

    private final Transport wire;
    private final Client client;

    Calls(Transport wire) {
        this.wire = wire;
        Gson gson = new GsonBuilder().create();
        this.client = Feign.builder()
                .contract(type -> METHODS)
                .client((request, options) -> over(wire, request))
                // By its class, not its declared type, or the fields we add would stay behind.
                .encoder((object, type, template) -> encode(gson, object, template))
                .decoder(new GsonDecoder(gson))
                .errorDecoder((method, response) -> CallRefused.of(response.status(), body(response)))
                .retryer(Retryer.NEVER_RETRY)
                .logger(new Logger.NoOpLogger())
                .target(Client.class, "http://marathon");
    }

    private static void encode(Gson gson, Object object, RequestTemplate template) {
        template.body(gson.toJson(object).getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static Response over(Transport wire, Request request) {
        String url = request.url();
        String target = url.substring("http://marathon".length());
        byte[] body = request.body() == null ? new byte[0] : request.body();
        Transport.Reply reply = wire.send(request.httpMethod().name(), target, body);
        return Response.builder()
                .status(reply.status())
                .request(request)
                .headers(Map.<String, Collection<String>>of())
                .body(reply.body(), StandardCharsets.UTF_8)
                .build();
    }

    private static String body(Response response) {
        try {
            return response.body() == null ? "" : Util.toString(response.body().asReader(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return "";
        }
    }

    // --- writes

    /** Fails if there is one. */
    void create(MarathonApp app, boolean force) {
        client.createApp(app, force);
    }

    /** Partial: what the app leaves null stays as it is. */
    void update(String id, App app, boolean force) {
        client.updateApp(relative(id), app, force);
    }

    void updateAll(List<? extends App> apps, boolean force) {
        client.updateApps(apps, force);
    }

    /** The id of the deployment that ends its tasks. */
    String delete(String id) {
        return client.deleteApp(relative(id)).getDeploymentId();
    }

    void deleteGroup(String id) {
        client.deleteGroup(relative(id), false);
    }

    /**
     * Ends exactly these, and has the app want as many fewer.
     *
     * @return the app's version with the lower number; empty if none of them is there any more
     */
    Optional<Instant> killAndScale(Collection<String> taskIds, boolean force) {
        String body = JSON.writeValueAsString(Map.of("ids", taskIds));
        JsonNode version = answer("POST", "/v2/tasks/delete?scale=true&force=" + force, body)
                .path("version");
        return version.isString() ? Optional.of(Instant.parse(version.asString())) : Optional.empty();
    }

    /** Lets the app's next start happen now. */
    void resetDelay(String id) {
        answer("DELETE", "/v2/queue/" + relative(id) + "/delay", "");
    }

    /** The client puts ids into paths as they are. */
    private static String relative(String id) {
        return id.startsWith("/") ? id.substring(1) : id;
    }

    // --- reads

    /** All apps below the group, ours or not, with everything that is seen of them. */
    JsonNode apps(String group) {
        return answer(
                "GET",
                "/v2/apps?id=" + group + "/&embed=apps.tasks&embed=apps.counts&embed=apps.deployments"
                        + "&embed=apps.lastTaskFailure",
                "");
    }

    /** @throws CallRefused with 404 if there is none */
    JsonNode app(String id) {
        return answer("GET", "/v2/apps/" + relative(id), "").path("app");
    }

    JsonNode deployments() {
        return answer("GET", "/v2/deployments", "");
    }

    JsonNode queue() {
        return answer("GET", "/v2/queue?embed=lastUnusedOffers", "");
    }

    JsonNode group(String id) {
        return answer("GET", "/v2/groups/" + relative(id), "");
    }

    private JsonNode answer(String method, String target, String body) {
        Transport.Reply reply = wire.send(method, target, body.getBytes(StandardCharsets.UTF_8));
        if (reply.status() < 200 || reply.status() >= 300) {
            throw CallRefused.of(reply.status(), reply.body());
        }
        return reply.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(reply.body());
    }
}
