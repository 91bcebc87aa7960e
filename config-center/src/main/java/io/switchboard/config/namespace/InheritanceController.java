package io.switchboard.config.namespace;

import io.switchboard.configprotocol.Format;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.config.ConfigApi.Change;
import io.switchboard.contracts.config.InheritanceApi;
import io.switchboard.contracts.identity.Caller;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class InheritanceController implements InheritanceApi {

    private final Namespaces namespaces;
    private final Inheritance inheritance;
    private final ReleaseHistory history;

    InheritanceController(Namespaces namespaces, Inheritance inheritance, ReleaseHistory history) {
        this.namespaces = namespaces;
        this.inheritance = inheritance;
        this.history = history;
    }

    @Override
    public EffectiveView effective(
            String application,
            String stage,
            String namespace,
            boolean draft,
            @Nullable String tenant,
            @Nullable Caller caller) {
        NamespacePath path = Callers.namespace(caller, tenant, application, stage, namespace);
        NamespaceState state = namespaces.read(path);
        return (draft ? draft(path, state) : current(path, state)).view();
    }

    @Override
    public List<Change> effectiveDiff(
            String application,
            String stage,
            String namespace,
            boolean lines,
            @Nullable String tenant,
            @Nullable Caller caller) {
        NamespacePath path = Callers.namespace(caller, tenant, application, stage, namespace);
        NamespaceState state = namespaces.read(path);
        Layers before = current(path, state);
        Layers after = draft(path, state);
        boolean unknown = before.problem().isPresent() || after.problem().isPresent();
        List<Change> changes = unknown || lines && Format.of(path.namespace()).hasLeaves()
                ? Views.changes(state.inEffect(), state.drafted())
                : Views.changes(before.content(), after.content());
        return lines ? changes.stream().map(Views::withLines).toList() : changes;
    }

    @Override
    public List<HeirView> heirs(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        return inheritance.heirs(Callers.namespace(caller, tenant, application, stage, namespace));
    }

    private Layers draft(NamespacePath path, NamespaceState state) {
        return Layers.of(
                        path,
                        state.drafted(),
                        Optional.empty(),
                        inheritance.of(path, state.draft()).inherited(),
                        history::comments)
                .asRead(path);
    }

    private Layers current(NamespacePath path, NamespaceState state) {
        return Layers.of(
                        path,
                        state.inEffect(),
                        state.release().map(Release::number),
                        state.release().map(Release::inherited).orElse(List.of()),
                        history::comments)
                .asRead(path);
    }
}
