package io.switchboard.configfiles;

import io.switchboard.configprotocol.Links;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** {@code ./switchboard config inherit}: which namespaces another one is on top of. */
@Command(
        name = "inherit",
        description = "say what a namespace inherits; with PARENT have its draft inherit these, the nearest first")
final class InheritCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable ConfigCommand config;

    @Parameters(
            paramLabel = "PARENT",
            arity = "0..*",
            description = "APPLICATION/NAMESPACE, or NAMESPACE of the same application; also a document's (menu.yaml)")
    private @Nullable List<String> parents;

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            defaultValue = "application",
            description = "that inherits (${DEFAULT-VALUE})")
    private String namespace = "application";

    @Option(names = "--nothing", description = "have its draft inherit nothing")
    private boolean nothing;

    @Override
    public Integer call() throws InterruptedException {
        Center center = ConfigCommand.centerOf(config);
        if (nothing && parents != null) {
            throw new Refused("name what it inherits, or say --nothing, not both");
        }
        if (nothing || parents != null) {
            SortedMap<String, @Nullable String> change = new TreeMap<>();
            change.put(Links.INHERITS, nothing ? null : String.join(",", parents));
            center.change(namespace, center.draft(namespace).revision(), new Changes(change, new TreeMap<>()));
        }
        for (JsonNode source : center.sources(namespace)) {
            System.out.println(source.get("application").asString() + "/"
                    + source.get("namespace").asString()
                    + (source.has("release")
                            ? " at release " + source.get("release").asLong()
                            : " as drafted"));
        }
        return 0;
    }
}
