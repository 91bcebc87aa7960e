package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.config.namespace.Center.Answer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An application of its own for one test.
 *
 * @param application its name
 */
record Desk(Center center, String application) {

    private static final AtomicInteger NEXT = new AtomicInteger();

    /** @param kind of test, so that no two classes share a name */
    static Desk next(String kind) throws Exception {
        return new Desk(Center.get(), kind + "-" + NEXT.incrementAndGet());
    }

    String stage() {
        return "/api/v1/config/" + application + "/prod";
    }

    String namespace() {
        return stage() + "/application";
    }

    /** The draft's revision after that change. */
    long edit(String token, Map<String, @Nullable String> items) throws Exception {
        return edit(namespace(), token, items);
    }

    long edit(String namespace, String token, Map<String, @Nullable String> items) throws Exception {
        Answer answer = center.put(namespace + "/draft/items", token, center.items(items));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.body().get("revision").asLong();
    }

    /** As {@link #edit}, of encrypted items. */
    long encrypt(String token, Map<String, @Nullable String> secrets) throws Exception {
        Answer answer = center.put(namespace() + "/draft/secrets", token, center.secrets(secrets));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.body().get("revision").asLong();
    }

    Answer publish(String token, long revision) throws Exception {
        return center.post(namespace() + "/releases", token, "{\"revision\":" + revision + "}");
    }

    /** Edits and publishes as Ann. */
    void release(Map<String, @Nullable String> items) throws Exception {
        assertThat(publish(ACME, edit(ACME, items)).status()).isEqualTo(201);
    }
}
