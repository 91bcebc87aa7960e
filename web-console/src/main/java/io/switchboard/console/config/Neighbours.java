package io.switchboard.console.config;

import io.switchboard.contracts.config.ApplicationsApi;
import io.switchboard.contracts.config.ApplicationsApi.StageView;
import io.switchboard.contracts.config.ConfigApi;
import io.switchboard.contracts.config.ConfigApi.NamespaceSummary;
import io.switchboard.contracts.ordering.InstanceView;
import java.util.List;
import org.springframework.stereotype.Component;

/** In which stages and namespaces an instance has configuration. */
@Component
class Neighbours {

    private final ApplicationsApi applications;
    private final ConfigApi config;

    Neighbours(ApplicationsApi applications, ConfigApi config) {
        this.applications = applications;
        this.config = config;
    }

    Chooser chooser(Namespace namespace) {
        return Chooser.of(namespace, stages(namespace.instance()), namespaces(namespace.instance(), namespace.stage()));
    }

    /** The one in which to begin with a stage: what tasks read if they name none, unless there are only others. */
    Namespace first(InstanceView instance, String stage) {
        List<String> names = namespaces(instance, stage).stream()
                .map(NamespaceSummary::namespace)
                .toList();
        String name = names.isEmpty() || names.contains(Namespace.MAIN) ? Namespace.MAIN : names.getFirst();
        return new Namespace(instance, stage, name);
    }

    private List<String> stages(InstanceView instance) {
        return applications.applications(justBefore(instance.name()), Namespace.tenantOf(instance), null).stream()
                .filter(application -> application.application().equals(instance.name()))
                .flatMap(application -> application.stages().stream())
                .map(StageView::stage)
                .toList();
    }

    /** Of all texts before that name the last one that no other name stands behind: applications are listed behind a text. */
    private static String justBefore(String name) {
        int last = name.length() - 1;
        return name.substring(0, last) + (char) (name.charAt(last) - 1) + "~";
    }

    private List<NamespaceSummary> namespaces(InstanceView instance, String stage) {
        return config.namespaces(instance.name(), stage, Namespace.tenantOf(instance), null);
    }
}
