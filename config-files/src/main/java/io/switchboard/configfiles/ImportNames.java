package io.switchboard.configfiles;

import io.switchboard.configprotocol.Format;
import io.switchboard.configprotocol.NamespacePath;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What names of another center become here, where they have lower-case letters, digits and dashes.
 *
 * @param application whose it all is; empty if the export says
 * @param stage where it goes if the export doesn't say
 * @param stages by what the export calls them
 */
record ImportNames(Optional<String> application, String stage, Map<String, String> stages) {

    /** Apollo's word for production. */
    private static final Map<String, String> USUAL = Map.of("PRO", "prod");

    ImportNames {
        Map<String, String> all = new TreeMap<>(USUAL);
        all.putAll(stages);
        stages = Map.copyOf(all);
    }

    String stageOf(String environment) {
        return undotted(stages.getOrDefault(environment, environment));
    }

    /** @param exported empty if the export doesn't tell */
    String applicationOf(String exported) {
        return application.orElseGet(() -> {
            if (exported.isBlank()) {
                throw new Refused("the export doesn't say whose configuration it is; name the application with"
                        + " --application");
            }
            return undotted(exported);
        });
    }

    private static String undotted(String exported) {
        return name(exported).replace('.', '-');
    }

    /** @param file a file's name; without ending, or with one that nothing is known of, it is what {@code format} says */
    static String namespaceOf(String file, Format format) {
        String name = file.endsWith(".properties") ? file.substring(0, file.length() - ".properties".length()) : file;
        String ending = switch (format) {
            case PROPERTIES -> "";
            case YAML -> ".yaml";
            case JSON -> ".json";
            case TEXT -> ".txt";
        };
        String plain = name(name.replaceFirst("\\.(yaml|yml|json|txt)$", ""));
        // An item namespace must not be called like a document.
        return format == Format.PROPERTIES && Format.of(plain).isDocument() ? plain.replace('.', '-') : plain + ending;
    }

    /** @throws Refused if nothing is left that can be a name */
    static String name(String exported) {
        String name = exported.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9.]+", "-")
                .replaceAll("\\.{2,}", ".")
                .replaceAll("-*\\.-*", ".")
                .replaceAll("^[-.]+|[-.]+$", "")
                // Numbers are names elsewhere.
                .replaceAll("^(?=[0-9])", "x-");
        if (name.isEmpty() || name.length() > 58) {
            throw new Refused("'" + shown(exported) + "' can't become a name here; rename it in the export");
        }
        return name;
    }

    /** Short and printable, whatever stands in an export. */
    static String shown(String name) {
        String printable = name.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.length() <= 100 ? printable : printable.substring(0, 100) + "...";
    }

    /** Of any tenant. */
    static NamespacePath path(String application, String stage, String namespace) {
        try {
            return new NamespacePath("any", application, stage, namespace);
        } catch (IllegalArgumentException e) {
            throw new Refused("'" + shown(application) + "/" + shown(stage) + "/" + shown(namespace)
                    + "' can't be names here: " + e.getMessage());
        }
    }
}
