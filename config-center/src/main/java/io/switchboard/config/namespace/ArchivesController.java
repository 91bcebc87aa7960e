package io.switchboard.config.namespace;

import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespaceFile;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.ArchivesApi;
import io.switchboard.contracts.config.StagesApi.DraftDifference;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ArchivesController implements ArchivesApi {

    private static final int MOST = 2_000;

    private final NamespaceTree tree;
    private final Namespaces namespaces;
    private final DraftChanges drafts;

    ArchivesController(NamespaceTree tree, Namespaces namespaces, DraftChanges drafts) {
        this.tree = tree;
        this.namespaces = namespaces;
        this.drafts = drafts;
    }

    @Override
    public ResponseEntity<byte[]> archive(
            @Nullable String application,
            @Nullable String stage,
            @Nullable String of,
            @Nullable String tenant,
            @Nullable Caller caller) {
        boolean released = released(Objects.requireNonNullElse(of, "draft"));
        var scope = new NamespaceTree.Scope(
                Callers.tenant(caller, tenant),
                Optional.ofNullable(application),
                Optional.ofNullable(stage),
                Optional.empty());
        List<NamespacePath> paths = tree.list(scope, MOST + 1);
        if (paths.size() > MOST) {
            throw new Problem(ConfigProblem.TOO_MANY_NAMESPACES, "There are more than " + MOST + " namespaces.");
        }
        SortedMap<NamespacePath, NamespaceFile> files = new TreeMap<>();
        for (NamespacePath path : paths) {
            NamespaceState state = namespaces.read(path);
            Content content = released ? state.inEffect() : state.drafted();
            files.put(
                    path,
                    new NamespaceFile(
                            path.namespace(),
                            content.items().values(),
                            content.comments()
                                    .of(content.items().values().keySet())
                                    .byKey()));
        }
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(ZIP))
                .header("Content-Disposition", "attachment; filename=\"configuration.zip\"")
                .body(Archive.write(files));
    }

    private static boolean released(String of) {
        return switch (of) {
            case "draft" -> false;
            case "current" -> true;
            default -> throw RequestProblem.invalid("of", "must be 'draft' or 'current'");
        };
    }

    @Override
    public List<DraftDifference> restore(
            byte[] zip, boolean remove, boolean preview, @Nullable String tenant, @Nullable Caller caller) {
        SortedMap<NamespacePath, DraftChanges.Wish> wishes = new TreeMap<>();
        Archive.read(Callers.tenant(caller, tenant), zip).forEach((path, file) -> {
            Items present = remove ? namespaces.read(path).draft() : Items.NONE;
            wishes.put(path, DraftChanges.Wish.of(file.items(), file.comments(), present, null));
        });
        return preview ? drafts.preview(wishes, Callers.author(caller)) : drafts.apply(wishes, Callers.author(caller));
    }
}
