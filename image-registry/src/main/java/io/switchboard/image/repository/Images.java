package io.switchboard.image.repository;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.switchboard.contracts.image.ImagesApi.ImageView;
import io.switchboard.image.registry.Manifest;
import io.switchboard.image.registry.RegistryContents;
import io.switchboard.image.registry.RegistryEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Predicate;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * What the registry holds, as of its last report. A report may get lost, so nothing is believed for longer than a
 * minute.
 */
@Component
class Images {

    private static final Duration BELIEVED = Duration.ofMinutes(1);
    private static final String CATALOG = "";
    private static final Comparator<ImageView> NEWEST_FIRST = Comparator.comparing(
                    (ImageView image) -> image.pushedAt().orElse(Instant.EPOCH))
            .reversed()
            .thenComparing(ImageView::repository)
            .thenComparing(ImageView::digest);

    private final RegistryContents contents;
    private final Pushes pushes;
    private final Cache<String, List<String>> catalog =
            Caffeine.newBuilder().expireAfterWrite(BELIEVED).build();
    private final Cache<String, List<ImageView>> images =
            Caffeine.newBuilder().expireAfterWrite(BELIEVED).maximumSize(10_000).build();

    Images(RegistryContents contents, Pushes pushes) {
        this.contents = contents;
        this.pushes = pushes;
    }

    /** Newest first; images nobody told us about come last. */
    List<ImageView> list(Predicate<String> repositories) {
        return catalog.get(CATALOG, all -> contents.repositories()).stream()
                .filter(repositories)
                .flatMap(repository -> images.get(repository, this::load).stream())
                .sorted(NEWEST_FIRST)
                .toList();
    }

    @EventListener
    void follow(RegistryEvent event) {
        switch (event.action()) {
            case PUSH -> pushes.add(event);
            case DELETE -> pushes.remove(event.repository(), event.digest());
        }
        // After the row is written, or a reader could put the old list back.
        catalog.invalidate(CATALOG);
        images.invalidate(event.repository());
    }

    private List<ImageView> load(String repository) {
        var tags = new LinkedHashMap<Manifest, List<String>>();
        for (var tag : contents.tags(repository)) {
            contents.manifest(repository, tag)
                    .ifPresent(manifest -> tags.computeIfAbsent(manifest, first -> new ArrayList<>())
                            .add(tag));
        }
        return tags.entrySet().stream()
                .map(entry -> view(repository, entry.getKey(), entry.getValue()))
                .toList();
    }

    private ImageView view(String repository, Manifest manifest, List<String> tags) {
        var push = pushes.find(repository, manifest.digest());
        return new ImageView(
                repository,
                tags.stream().sorted().toList(),
                manifest.digest(),
                manifest.sizeBytes(),
                push.map(Pushes.Push::at),
                push.flatMap(Pushes.Push::by));
    }
}
