package io.switchboard.image.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.switchboard.contracts.image.ImageProblem;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.image.token.Access;
import io.switchboard.image.token.RegistryTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import tools.jackson.databind.JsonNode;

/**
 * What is in the registry, asked through its API with tokens of our own. Each method throws a {@link Problem}:
 * {@link ImageProblem#REGISTRY_ABSENT} if there is no registry, {@link ImageProblem#REGISTRY_SILENT} if it gave no
 * answer.
 */
public class RegistryContents {

    private static final int PAGE = 1_000;
    private static final String DIGEST = "Docker-Content-Digest";

    private final Registry registry;
    private final RegistryTokens tokens;
    private final RestClient http;
    /** Content addressed, so it never gets stale. */
    private final Cache<String, Manifest> sizes =
            Caffeine.newBuilder().maximumSize(10_000).build();

    RegistryContents(Registry registry, RegistryTokens tokens, RestClient http) {
        this.registry = registry;
        this.tokens = tokens;
        this.http = http;
    }

    /** Every repository, also one whose last image was deleted. */
    public List<String> repositories() {
        var names = new ArrayList<String>();
        var more = true;
        while (more) {
            var last = names.isEmpty() ? "" : names.getLast();
            var page = get("/v2/_catalog?n={n}&last={last}", Access.catalog(), PAGE, last);
            if (page.isEmpty()) {
                return names;
            }
            strings(page.get(), "repositories").forEach(names::add);
            more = page.get().getHeaders().containsHeader(HttpHeaders.LINK);
        }
        return names;
    }

    /** Empty if there is no such repository. */
    public List<String> tags(String repository) {
        return get("/v2/" + repository + "/tags/list", Access.pull(repository))
                .map(answer -> strings(answer, "tags"))
                .orElse(List.of());
    }

    /**
     * What a tag or digest stands for; empty if the repository has no such manifest.
     *
     * @param reference a tag, or {@code sha256:} and 64 hexadecimal digits
     */
    public Optional<Manifest> manifest(String repository, String reference) {
        var path = "/v2/" + repository + "/manifests/" + reference;
        var head = exchange(HttpMethod.HEAD, path, Access.pull(repository));
        var digest = head.map(answer -> answer.getHeaders().getFirst(DIGEST));
        if (digest.isEmpty()) {
            return Optional.empty();
        }
        var known = sizes.getIfPresent(digest.get());
        if (known != null) {
            return Optional.of(known);
        }
        return get("/v2/" + repository + "/manifests/" + digest.get(), Access.pull(repository))
                .map(answer -> {
                    var manifest = new Manifest(digest.get(), size(repository, body(answer)));
                    sizes.put(digest.get(), manifest);
                    return manifest;
                });
    }

    private long size(String repository, JsonNode manifest) {
        if (manifest.has("manifests")) {
            return manifest.path("manifests")
                    .valueStream()
                    .map(child -> child.path("digest").asString(""))
                    .flatMap(digest ->
                            get("/v2/" + repository + "/manifests/" + digest, Access.pull(repository)).stream())
                    .mapToLong(child -> imageSize(body(child)))
                    .sum();
        }
        return imageSize(manifest);
    }

    private static long imageSize(JsonNode image) {
        return image.path("config").path("size").asLong(0)
                + image.path("layers")
                        .valueStream()
                        .mapToLong(layer -> layer.path("size").asLong(0))
                        .sum();
    }

    private Optional<ResponseEntity<JsonNode>> get(String path, Access access, Object... variables) {
        return exchange(HttpMethod.GET, path, access, variables);
    }

    private Optional<ResponseEntity<JsonNode>> exchange(
            HttpMethod method, String path, Access access, Object... variables) {
        try {
            return Optional.of(http.method(method)
                    .uri(registry.api() + path, variables)
                    .headers(headers -> {
                        headers.setBearerAuth(tokens.own(access));
                        headers.setAccept(Manifest.MEDIA_TYPES.stream()
                                .map(MediaType::parseMediaType)
                                .toList());
                    })
                    .retrieve()
                    .toEntity(JsonNode.class));
        } catch (HttpClientErrorException e) {
            if (e.getStatusCode().isSameCodeAs(HttpStatus.NOT_FOUND)) {
                return Optional.empty();
            }
            throw new Problem(
                    ImageProblem.REGISTRY_SILENT,
                    "The registry answered " + e.getStatusCode().value() + ".");
        } catch (RestClientException e) {
            throw new Problem(ImageProblem.REGISTRY_SILENT, "The registry gave no answer.");
        }
    }

    private static List<String> strings(ResponseEntity<JsonNode> answer, String field) {
        return body(answer).path(field).valueStream().map(JsonNode::asString).toList();
    }

    private static JsonNode body(ResponseEntity<JsonNode> answer) {
        @Nullable JsonNode body = answer.getBody();
        if (body == null) {
            throw new Problem(ImageProblem.REGISTRY_SILENT, "The registry's answer was empty.");
        }
        return body;
    }
}
