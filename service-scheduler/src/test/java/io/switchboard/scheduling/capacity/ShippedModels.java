package io.switchboard.scheduling.capacity;

import io.switchboard.capacity.model.Kind;
import io.switchboard.capacity.model.ModelStore;
import java.util.List;
import java.util.Optional;

/** The models that come with Switchboard; of the service type, whatever the image. */
final class ShippedModels implements Models {

    private final ModelStore store = ModelStore.shipped();

    @Override
    public Optional<KnownWork> find(Kind kind, String image, String tenant) {
        return store.find(kind)
                .map(models -> new KnownWork(
                        kind,
                        models,
                        store.knees().getOrDefault(kind, List.of()),
                        1,
                        "Model of %s (%s): shipped, from %s; this image was not measured."
                                .formatted(kind.service(), kind.mode(), store.source())));
    }
}
