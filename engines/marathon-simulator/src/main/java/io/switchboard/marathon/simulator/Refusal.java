package io.switchboard.marathon.simulator;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What Marathon won't do, with its answer. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Answer answer;

    Refusal(Answer answer) {
        super(answer.body(), null, false, false);
        this.answer = answer;
    }

    Answer answer() {
        return answer;
    }

    /** @param path as Marathon writes it: {@code /healthChecks(0)/portIndex} */
    record Flaw(String path, String error) {}

    static Refusal malformed(List<Flaw> flaws) {
        return invalid("Invalid JSON", flaws);
    }

    static Refusal senseless(List<Flaw> flaws) {
        return invalid("Object is not valid", flaws);
    }

    private static Refusal invalid(String message, List<Flaw> flaws) {
        ObjectNode body = Json.object("message", message);
        ArrayNode details = body.putArray("details");
        flaws.stream().map(Flaw::path).distinct().forEach(path -> {
            ObjectNode detail = details.addObject().put("path", path);
            ArrayNode errors = detail.putArray("errors");
            flaws.stream().filter(flaw -> flaw.path().equals(path)).forEach(flaw -> errors.add(flaw.error()));
        });
        return new Refusal(Answer.json(422, body));
    }
}
