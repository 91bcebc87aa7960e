package io.switchboard.contracts.config;

import io.switchboard.contracts.config.ConfigApi.Change;
import io.switchboard.contracts.identity.Caller;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/** What applications see of a namespace that inherits others or is a document. Parameters as with {@link ConfigApi}. */
@HttpExchange(ConfigApi.NAMESPACE)
public interface InheritanceApi {

    /**
     * Each key that applies, where it comes from, and what it overrides. 409 if what the draft names can't be inherited.
     *
     * <p>A YAML or JSON document has the keys that clients read, one for each of its leaves, such as {@code menu.entries[0]}; a text
     * has one, the namespace's name.
     *
     * @param draft whether as it will be once the draft is published; else as clients read it now
     */
    @GetExchange("/effective")
    EffectiveView effective(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @RequestParam(defaultValue = "false") boolean draft,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * What publishing the draft changes for clients, by key: with what it inherits then against what they read now.
     *
     * <p>Of a YAML or JSON document the leaves are compared, so that another layout or comment in it changes nothing for clients. With
     * {@code lines}, or if one of the two has a {@link EffectiveView#problem}, its text is, as one change of {@code content}.
     *
     * @param lines whether to compare values, or the text of a document, line by line too
     */
    @GetExchange("/effective/diff")
    List<Change> effectiveDiff(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @RequestParam(defaultValue = "false") boolean lines,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /** Namespaces that inherit this one, by name, and how far each is. */
    @GetExchange("/heirs")
    List<HeirView> heirs(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /** @param release absent for the draft */
    record Source(String application, String namespace, Optional<Long> release) {}

    /** @param value in place of an encrypted one, who set it and when */
    record SourcedValue(Source source, String value) {}

    /**
     * @param encrypted true if it is; absent if it is plain
     * @param overrides what would apply without it, the nearest first
     * @param comment the nearest that one of them has; absent if there is none, as always for a document, whose comments stand in its
     *     text
     * @param line of the namespace's own YAML or JSON document in which the value begins, from 1; what an alias stands for is where its
     *     anchor is. Absent for all else, and for what is inherited
     */
    record EffectiveItem(
            String key,
            String value,
            Optional<Boolean> encrypted,
            Source source,
            List<SourcedValue> overrides,
            Optional<String> comment,
            Optional<Integer> line) {

        public EffectiveItem {
            overrides = List.copyOf(overrides);
        }
    }

    /**
     * @param sources itself and what it inherits, the nearest first
     * @param items by key
     * @param problem why nothing of the namespace's own document is among them: it is none that can be saved, as an earlier center may have
     *     left it, or its keys and values have more than 4 MiB with all aliases written out; absent otherwise
     */
    record EffectiveView(List<Source> sources, List<EffectiveItem> items, Optional<String> problem) {

        public EffectiveView {
            sources = List.copyOf(sources);
            items = List.copyOf(items);
        }
    }

    /**
     * @param release of the heir that is in effect
     * @param inherits the release of this namespace that it has
     * @param problem why it can't have what was published since, as the center that answers found; absent if it can
     */
    record HeirView(String application, String namespace, long release, long inherits, Optional<String> problem) {}
}
