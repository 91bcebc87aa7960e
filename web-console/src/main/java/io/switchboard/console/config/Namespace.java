package io.switchboard.console.config;

import io.switchboard.console.session.Viewer;
import io.switchboard.contracts.ordering.InstanceView;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;

/**
 * The namespace that a page is about.
 *
 * @param instance whose configuration it is part of
 * @param stage lower-case letters, digits and dashes, starts with a letter, at most 63 characters
 * @param name like the stage, with single dots allowed
 */
record Namespace(InstanceView instance, String stage, String name) {

    /** The address of a namespace's page; what is done with it lies below. */
    static final String ADDRESS = "/instances/{id}/configuration/{stage}/{namespace}";

    /** What an instance's tasks read if they name nothing else. */
    static final String MAIN_STAGE = "prod";

    static final String MAIN = "application";

    // Both as the config center has them, and as browsers take them too: those want dashes escaped.
    private static final String STAGES = "[a-z]([a-z0-9\\-]{0,61}[a-z0-9])?";
    private static final String NAMES = "[a-z]([a-z0-9\\-]|\\.(?=[a-z0-9])){0,62}(?<!-)";

    Namespace {
        if (!isStage(stage)) {
            throw new IllegalArgumentException("stage must be a name as the config center takes it");
        }
        if (!isName(name)) {
            throw new IllegalArgumentException("name must be one as the config center takes it");
        }
    }

    /** For the form that asks for both, so that browsers know the same names. */
    static void addPatterns(Model model) {
        model.addAttribute("stagePattern", STAGES);
        model.addAttribute("namePattern", NAMES);
    }

    static boolean isStage(String text) {
        return text.matches(STAGES);
    }

    static boolean isName(String text) {
        return text.matches(NAMES);
    }

    static String path(UUID instance, String stage, String name) {
        return "/instances/" + instance + "/configuration/" + stage + "/" + name;
    }

    /** Where its page is. */
    public String path() {
        return path(instance.id(), stage, name);
    }

    /** What it is called beside its instance. */
    public String label() {
        return stage + " / " + name;
    }

    /** Whether it is what the instance's tasks read if they name none. */
    public boolean isMain() {
        return stage.equals(MAIN_STAGE) && name.equals(MAIN);
    }

    /** What the config center knows the instance by. */
    String application() {
        return instance.name();
    }

    /** To be named when asking for it; null if the viewer is of that tenant. */
    @Nullable
    String tenant() {
        return tenantOf(instance);
    }

    static @Nullable String tenantOf(InstanceView instance) {
        return Viewer.current()
                .flatMap(viewer -> viewer.naming(instance.tenant()))
                .orElse(null);
    }
}
