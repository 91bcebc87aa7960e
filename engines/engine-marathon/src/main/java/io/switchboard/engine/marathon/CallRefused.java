package io.switchboard.engine.marathon;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** An answer that is no success. */
final class CallRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final int status;
    private final List<String> lockingDeployments;

    private CallRefused(int status, String message, List<String> lockingDeployments) {
        super(message);
        this.status = status;
        this.lockingDeployments = List.copyOf(lockingDeployments);
    }

    /** @param body JSON, or whatever a process on the way wrote */
    static CallRefused of(int status, String body) {
        JsonNode json = tree(body);
        List<String> words = new ArrayList<>();
        words.add(json.path("message").asString("Marathon answered " + status));
        JsonNode details = json.path("details");
        if (details.isString()) {
            words.add(details.asString());
        }
        for (JsonNode detail : details) {
            words.add(detail.path("path").asString("") + " "
                    + String.join(
                            ", ",
                            detail.path("errors")
                                    .valueStream()
                                    .map(JsonNode::asString)
                                    .toList()));
        }
        List<String> locking = new ArrayList<>();
        json.path("deployments").forEach(each -> locking.add(each.path("id").asString("")));
        return new CallRefused(status, String.join("; ", words), locking);
    }

    private static JsonNode tree(String body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
    }

    int status() {
        return status;
    }

    boolean isLock() {
        return status == 409 && !lockingDeployments.isEmpty();
    }

    List<String> lockingDeployments() {
        return lockingDeployments;
    }

    /** Whether what was asked may have been done all the same. */
    boolean isUncertain() {
        return status >= 500;
    }

    boolean isTooManyDeployments() {
        return status == 403;
    }

    boolean isInvalid() {
        return status == 422 || status == 400;
    }

    /** A login that Marathon doesn't take. */
    boolean isUnauthorized() {
        return status == 401;
    }
}
