package io.switchboard.contracts.config;

import io.switchboard.contracts.identity.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/**
 * Whether a draft fits what the application takes, and a document its schema, before clients see it. A build of the application that uses the starter leaves
 * its Spring Boot configuration metadata once, with what its validation annotations say. Parameters as with {@link ConfigApi}.
 */
@HttpExchange
public interface ValidationApi {

    /**
     * What is wrong with the draft, and what it changes at which clients. It is checked against the builds that connected clients
     * run, or against the latest if none is connected. Without any build nothing is found. Publishing refuses what is an error here.
     */
    @GetExchange(ConfigApi.NAMESPACE + "/draft/check")
    CheckView check(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /** What documents of the namespace are held against: a JSON schema, or none. */
    @GetExchange(ConfigApi.NAMESPACE + "/schema")
    SchemaView schema(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Sets the schema, or takes it away. Only for YAML and JSON documents, and only by who may publish in the stage. What is
     * released already stays.
     */
    @PutExchange(ConfigApi.NAMESPACE + "/schema")
    SchemaView putSchema(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @RequestBody SchemaRequest request,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /** The builds that left their metadata, the latest first; the last 20 are kept. */
    @GetExchange("/api/v1/config-builds/{application}")
    List<BuildView> builds(
            @PathVariable String application,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * @param revision of the draft
     * @param builds it was checked against
     * @param findings errors first, then by key; at most 100
     * @param keys what is known of those that change
     * @param clients what changes for which of them
     */
    record CheckView(
            long revision,
            List<String> builds,
            List<Finding> findings,
            List<KeyView> keys,
            List<ClientChange> clients) {

        public CheckView {
            builds = List.copyOf(builds);
            findings = List.copyOf(findings);
            keys = List.copyOf(keys);
            clients = List.copyOf(clients);
        }
    }

    enum Severity {
        /** The application would refuse it, or not start with it. */
        ERROR,
        /** It has no effect, or soon none; or it was so before this draft. */
        WARNING
    }

    enum FindingKind {
        /** The value is none of the property's type. */
        TYPE,
        /** It is one, but outside what the application's constraints let pass. */
        RANGE,
        /** The application has no such property, but others beside it. */
        UNKNOWN,
        /** It has, but not for long, or not any more. */
        DEPRECATED,
        /** It refers to a key that nobody gives. */
        REFERENCE,
        /** It must be given, and is taken out. */
        REQUIRED,
        /** The document does not keep to the namespace's schema. */
        SCHEMA,
        /** The check took longer than it may, so that this key and those behind it may not have been looked at. */
        UNFINISHED
    }

    /**
     * @param message a sentence, without any value
     * @param suggestion another key, or another value where those are known
     * @param builds for which it holds
     * @param heir {@code APPLICATION/NAMESPACE} whose builds these are, of one that inherits this; absent for its own application's
     */
    record Finding(
            Severity severity,
            FindingKind kind,
            String key,
            String message,
            Optional<String> suggestion,
            List<String> builds,
            Optional<String> heir) {

        public Finding {
            builds = List.copyOf(builds);
        }

        public Finding(
                Severity severity,
                FindingKind kind,
                String key,
                String message,
                Optional<String> suggestion,
                List<String> builds) {
            this(severity, kind, key, message, suggestion, builds, Optional.empty());
        }

        /** The same at an heir. */
        public Finding of(String name) {
            return new Finding(
                    severity,
                    kind,
                    key,
                    "For '" + name + "', which inherits it: " + message,
                    suggestion,
                    builds,
                    Optional.of(name));
        }
    }

    /** What the application's latest checked build says of a key; {@code type} is a Java type, empty texts say nothing. */
    record KeyView(String key, String type, String description, Optional<String> defaultValue) {}

    /**
     * Clients for which the same changes.
     *
     * @param release that they run
     * @param build that they are, absent if they left no metadata
     * @param count how many there are
     * @param clients their names, at most 20
     * @param keys that change for them
     */
    record ClientChange(long release, Optional<String> build, int count, List<String> clients, List<String> keys) {

        public ClientChange {
            clients = List.copyOf(clients);
            keys = List.copyOf(keys);
        }
    }

    /**
     * @param schema of draft 2020-12, 2019-09 or 07, at most 64 KiB, that refers to nothing outside of it; null for none
     * @param version that it is based on, 0 if there never was one; absent to overwrite whatever is there
     */
    record SchemaRequest(
            @Nullable Map<String, Object> schema, @Nullable Long version) {}

    /**
     * @param schema absent if there is none
     * @param version counts changes; 0 if there never was one
     * @param by who set it last, absent if nobody did
     */
    record SchemaView(Optional<Map<String, Object>> schema, long version, Optional<String> by) {}

    /** @param properties how many it knows */
    record BuildView(String build, String version, Instant at, int properties) {}
}
