package io.switchboard.config.audit;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * What is known of a call as it begins. Of what it named, only what may be a name is kept: something else might be a value in the wrong
 * place.
 *
 * @param byTenant whether whoever called belongs to the tenant; otherwise an operator may have named it
 */
record Call(
        Instant at,
        @Nullable String tenant,
        boolean byTenant,
        String actor,
        @Nullable String apiKey,
        String requestId,
        String action,
        @Nullable String application,
        @Nullable String stage,
        @Nullable String namespace,
        @Nullable String object) {

    /** Of applications, stages and namespaces, and of what callers choose ids for. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private static final int LONGEST = 200;

    static Call of(
            HttpServletRequest request,
            JwtAuthenticationToken by,
            String action,
            Map<String, String> variables,
            Instant at) {
        String own = by.getToken().getClaimAsString("tenant");
        String user = by.getToken().getClaimAsString("api_key_user");
        String subject = line(by.getName());
        return new Call(
                at,
                own == null ? name(queried("tenant", request)) : line(own),
                own != null,
                user == null ? subject : line(user),
                user == null ? null : subject,
                request.getAttribute("requestId") instanceof String id ? id : "-",
                action,
                named("application", request, variables),
                named("stage", request, variables),
                named("namespace", request, variables),
                name(variables.getOrDefault("id", variables.get("build"))));
    }

    /** Whose share it takes of what all have together; empty for operators and services. */
    Optional<String> share() {
        return byTenant ? Optional.ofNullable(tenant) : Optional.empty();
    }

    /** Whose token it was, if it was one. */
    static @Nullable JwtAuthenticationToken by(@Nullable Authentication authentication) {
        return authentication instanceof JwtAuthenticationToken token ? token : null;
    }

    private static @Nullable String named(String part, HttpServletRequest request, Map<String, String> variables) {
        return name(Objects.requireNonNullElseGet(
                variables.get(part), () -> Objects.requireNonNullElse(queried(part, request), "")));
    }

    /** Not asked for as a parameter: then a form in the body would be read. */
    private static @Nullable String queried(String part, HttpServletRequest request) {
        return UriComponentsBuilder.newInstance()
                .query(request.getQueryString())
                .build()
                .getQueryParams()
                .getFirst(part);
    }

    private static @Nullable String name(@Nullable String text) {
        return text != null && NAME.matcher(text).matches() ? text : null;
    }

    /** The issuer's word, in one line and not without end. */
    private static String line(String text) {
        String start = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
        return start.replaceAll("[^\\p{Graph}\\p{L}\\p{N} ]", "?");
    }
}
