package io.switchboard.config.audit;

import io.switchboard.configprotocol.NamespacePath;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that the center does though no call asks for it now.
 *
 * @param action in the words of {@link Actions}, or one of its own
 * @param stage null for the whole application
 * @param namespace null for several, or none
 * @param object the schedule, canary or key
 * @param code of the problem for which it could not be done; null if it was
 */
public record OwnAct(
        String action,
        String tenant,
        String application,
        @Nullable String stage,
        @Nullable String namespace,
        @Nullable String object,
        @Nullable String code) {

    public OwnAct {
        // What another build left and has none of them is unreadable, and keeps no other one from the table.
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(application, "application");
    }

    /** @param path any namespace of the application */
    public static OwnAct inApplication(NamespacePath path, String action, String object) {
        return new OwnAct(action, path.tenant(), path.application(), null, null, object, null);
    }

    /** @param path any namespace of the stage */
    public static OwnAct inStage(NamespacePath path, String action, String object) {
        return new OwnAct(action, path.tenant(), path.application(), path.stage(), null, object, null);
    }

    public static OwnAct in(NamespacePath path, String action) {
        return new OwnAct(action, path.tenant(), path.application(), path.stage(), path.namespace(), null, null);
    }

    /** That it could not be done. */
    public OwnAct refused(String problem) {
        return new OwnAct(action, tenant, application, stage, namespace, object, problem);
    }
}
