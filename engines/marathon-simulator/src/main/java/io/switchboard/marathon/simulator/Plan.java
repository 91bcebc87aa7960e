package io.switchboard.marathon.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a deployment does, step after step. */
record Plan(String id, String version, List<Step> steps, Tree original, Tree target) {

    enum Kind {
        START("StartApplication"),
        SCALE("ScaleApplication"),
        RESTART("RestartApplication"),
        STOP("StopApplication");

        final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    record Action(Kind kind, String runSpec, boolean pod) {

        ObjectNode json() {
            return Json.object("action", pod ? kind.word.replace("Application", "Pod") : kind.word)
                    .put(pod ? "pod" : "app", runSpec);
        }
    }

    record Step(List<Action> actions) {

        Step {
            actions = List.copyOf(actions);
        }

        ObjectNode json() {
            ObjectNode step = Json.object();
            ArrayNode array = step.putArray("actions");
            actions.forEach(action -> array.add(action.json()));
            return step;
        }
    }

    Plan {
        steps = List.copyOf(steps);
    }

    static Plan of(String id, String version, Tree original, Tree target) {
        List<Step> steps = new ArrayList<>();
        Set<String> gone = new TreeSet<>(original.runSpecs());
        gone.removeAll(target.runSpecs());
        Set<String> fresh = new TreeSet<>(target.runSpecs());
        fresh.removeAll(original.runSpecs());
        add(steps, gone.stream().map(spec -> action(Kind.STOP, spec, original)).toList());
        add(steps, fresh.stream().map(spec -> action(Kind.START, spec, target)).toList());
        for (Set<String> layer : target.layers()) {
            List<Action> actions = new ArrayList<>();
            for (String spec : layer) {
                if (fresh.contains(spec)) {
                    actions.add(action(Kind.SCALE, spec, target));
                } else if (!original.sameConfig(spec, target)) {
                    actions.add(action(Kind.RESTART, spec, target));
                } else if (original.instances(spec) != target.instances(spec)) {
                    actions.add(action(Kind.SCALE, spec, target));
                }
            }
            add(steps, actions);
        }
        return new Plan(id, version, steps, original, target);
    }

    private static Action action(Kind kind, String spec, Tree tree) {
        return new Action(kind, spec, tree.isPod(spec));
    }

    private static void add(List<Step> steps, List<Action> actions) {
        if (!actions.isEmpty()) {
            steps.add(new Step(actions));
        }
    }

    Set<String> affected() {
        Set<String> affected = new TreeSet<>();
        steps.forEach(step -> step.actions().forEach(action -> affected.add(action.runSpec())));
        return affected;
    }

    ArrayNode stepsJson() {
        ArrayNode array = Json.array();
        steps.forEach(step -> array.add(step.json()));
        return array;
    }

    /** As events carry it. */
    ObjectNode json() {
        ObjectNode plan = Json.object("id", id);
        plan.set("steps", stepsJson());
        return plan.put("version", version);
    }
}
