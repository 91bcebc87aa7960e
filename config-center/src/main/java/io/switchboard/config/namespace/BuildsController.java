package io.switchboard.config.namespace;

import io.switchboard.config.validation.DraftCheck;
import io.switchboard.config.validation.DraftCheck.Subject;
import io.switchboard.configprotocol.ApplicationMetadata;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.SpringMetadata;
import io.switchboard.contracts.config.BuildsApi;
import io.switchboard.contracts.config.ValidationApi.BuildView;
import io.switchboard.contracts.config.ValidationApi.Finding;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import jakarta.validation.Valid;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class BuildsController implements BuildsApi {

    private static final int LONGEST_VERSION = 64;

    private final NamespaceTree tree;
    private final Namespaces namespaces;
    private final Applications applications;
    private final DraftCheck builds;
    private final LastEdits lastEdits;
    private final Audit audit;

    BuildsController(
            NamespaceTree tree,
            Namespaces namespaces,
            Applications applications,
            DraftCheck builds,
            LastEdits lastEdits,
            Audit audit) {
        this.tree = tree;
        this.namespaces = namespaces;
        this.applications = applications;
        this.builds = builds;
        this.lastEdits = lastEdits;
        this.audit = audit;
    }

    @Override
    public BuildView leave(
            String application,
            String build,
            Map<String, Object> metadata,
            @Nullable String version,
            @Nullable String tenant,
            @Nullable Caller caller) {
        NamespacePath path = Callers.application(caller, tenant, application);
        Callers.checkId(build);
        String named = Objects.requireNonNullElse(version, build);
        if (named.length() > LONGEST_VERSION) {
            throw RequestProblem.invalid("version", "must have at most " + LONGEST_VERSION + " characters");
        }
        var gathered = new SpringMetadata();
        gathered.add(metadata);
        if (gathered.properties().isEmpty()) {
            throw RequestProblem.invalid("properties", "must describe at least one property");
        }
        var scope = new NamespaceTree.Scope(
                path.tenant(), Optional.of(path.application()), Optional.empty(), Optional.empty());
        if (tree.list(scope, 1).isEmpty()) {
            throw new Problem(RequestProblem.NOT_FOUND, "'" + path.application() + "' has no configuration.");
        }
        // What drafts of all stages are checked against: whoever alters it lets through what running clients refuse.
        applications.checkPublisher(path, Callers.known(caller));
        byte[] encoded = gathered.toMetadata(named, List.of()).encode();
        if (encoded.length > ApplicationMetadata.LARGEST) {
            throw new Problem(
                    RequestProblem.BODY_TOO_LARGE,
                    "Compressed it has " + encoded.length + " bytes, it may have " + ApplicationMetadata.LARGEST + ".");
        }
        namespaces.ensureBuilds(path);
        BuildView view = builds.leave(path, build, encoded);
        // It was left through another session than the one that is told of it.
        lastEdits.forget();
        audit.buildLeft(path, Callers.actor(caller), build);
        return view;
    }

    @Override
    public List<NamespaceFindings> check(
            String application,
            String build,
            @Valid BuildCheckRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        NamespacePath stage = Callers.stage(caller, tenant, application, request.stage());
        Callers.checkId(build);
        SortedMap<NamespacePath, Items> all = new TreeMap<>();
        request.namespaces().forEach((name, items) -> {
            ItemRules.check(name, new TreeMap<>(items));
            all.put(Callers.namespace(stage.tenant(), stage.application(), stage.stage(), name), Items.of(items));
        });
        Set<String> keys = new HashSet<>();
        all.forEach((path, items) -> keys.addAll(DraftCheck.keys(path, items)));
        return all.entrySet().stream()
                .map(one -> new NamespaceFindings(
                        one.getKey().namespace(), findings(one.getKey(), one.getValue(), keys, build)))
                .toList();
    }

    private List<Finding> findings(NamespacePath path, Items items, Set<String> keys, String build) {
        return builds.check(new Subject(path, items, Items.NONE, () -> keys), build)
                .orElseThrow(() -> new Problem(
                        RequestProblem.NOT_FOUND,
                        "'" + path.application() + "' has no build '" + ItemRules.shown(build) + "'."));
    }
}
