package io.switchboard.config.validation;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** A YAML document as the maps, lists, texts, numbers and booleans that Spring reads from it: times are texts. */
final class PlainYaml {

    private PlainYaml() {}

    /** @param text that was checked when it was saved */
    static @Nullable Object read(String text) {
        var options = new LoaderOptions();
        options.setMaxAliasesForCollections(Integer.MAX_VALUE);
        var writing = new DumperOptions();
        return new Yaml(new SafeConstructor(options), new Representer(writing), writing, options, new WithoutTimes())
                .load(text);
    }

    private static final class WithoutTimes extends Resolver {

        @Override
        public void addImplicitResolver(Tag tag, Pattern pattern, String first, int limit) {
            if (tag != Tag.TIMESTAMP) {
                super.addImplicitResolver(tag, pattern, first, limit);
            }
        }
    }
}
