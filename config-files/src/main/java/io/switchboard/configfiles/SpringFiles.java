package io.switchboard.configfiles;

import io.switchboard.configprotocol.Format;
import java.util.List;
import java.util.SortedMap;

/**
 * What a Spring Cloud Config server would give an application with one profile: up to four namespaces, {@code shared},
 * {@code base}, {@code shared-stage} and {@code stage}, of which a later one wins: a profile's file wins over all that are for
 * every profile.
 */
final class SpringFiles {

    private SpringFiles() {}

    static void read(SortedMap<String, String> files, ImportNames names, Imported imported) {
        String application = names.applicationOf("");
        String profile = names.stage();
        files.forEach((file, text) -> {
            String name = file.startsWith(application + "/") ? file.substring(application.length() + 1) : file;
            int dot = name.lastIndexOf('.');
            String ending = name.substring(dot + 1);
            if (dot < 0
                    || name.contains("/")
                    || !List.of("yml", "yaml", "properties").contains(ending)) {
                imported.leaveOut(file, "is no file of this application or of all");
                return;
            }
            Format format = ExportFormat.formatOf(name, "");
            String base = name.substring(0, dot);
            String other =
                    base.endsWith("-" + profile) ? base.substring(0, base.length() - profile.length() - 1) : base;
            boolean staged = !other.equals(base);
            if (!other.equals(application) && !other.equals("application")) {
                imported.leaveOut(file, "is another application's or profile's");
                return;
            }
            String layer = other.equals("application") ? "shared" : "base";
            String ofStage = layer.equals("shared") ? "shared-stage" : "stage";
            for (SpringDocument part : SpringDocument.of(format, text)) {
                if (part.profile().isEmpty()) {
                    imported.add(application, profile, (staged ? ofStage : layer) + "." + ending, format, part.text());
                } else if (part.profile().equals(profile)) {
                    imported.add(application, profile, ofStage + "." + ending, format, part.text());
                } else {
                    imported.leaveOut(
                            file, "a document of it is for the profile '" + ImportNames.shown(part.profile()) + "'");
                }
            }
        });
    }
}
