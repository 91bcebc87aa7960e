package io.switchboard.configfiles;

import io.switchboard.configprotocol.Format;
import io.switchboard.configprotocol.NamespaceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How another center lays its export out. Files that belong to none of it are left out, with the reason. */
enum ExportFormat {

    /**
     * Apollo's portal, "Export": {@code OWNER/APP/ENV/APP+CLUSTER+NAMESPACE[.properties]}, each the namespace's items as a JSON
     * array; texts from before Apollo 1.7 are read too.
     */
    APOLLO {
        @Override
        void read(SortedMap<String, String> files, ImportNames names, Imported imported) {
            files.forEach((file, text) -> {
                String[] path = file.split("/");
                String[] name = path[path.length - 1].split("\\+");
                if (file.endsWith(".metadata")) {
                    return;
                }
                if (path.length < 3 || name.length != 3) {
                    imported.leaveOut(file, "is no OWNER/APP/ENV/APP+CLUSTER+NAMESPACE");
                } else if (!name[1].equals("default")) {
                    imported.leaveOut(file, "only the cluster 'default' is taken");
                } else {
                    String application = names.applicationOf(name[0]);
                    String stage = names.stageOf(path[path.length - 2]);
                    Format format = formatOf(name[2], "properties");
                    if (text.stripLeading().startsWith("[")) {
                        String namespace = ImportNames.namespaceOf(name[2], format);
                        NamespaceFile content = items(namespace, text, file);
                        if (!format.isDocument() || content.items().containsKey(Format.CONTENT)) {
                            imported.add(ImportNames.path(application, stage, namespace), content, file);
                        }
                    } else {
                        imported.add(application, stage, name[2], format, text);
                    }
                }
            });
        }

        private NamespaceFile items(String namespace, String text, String file) {
            SortedMap<String, String> items = new TreeMap<>();
            SortedMap<String, String> comments = new TreeMap<>();
            List<String> above = new ArrayList<>();
            try {
                for (JsonNode item : new JsonMapper().readTree(text)) {
                    String key = item.path("key").asString("").strip();
                    String comment = item.path("comment").asString("").strip();
                    if (key.isEmpty()) {
                        // A line of comment, or an empty line, is an item without a key.
                        addLine(comment, above);
                        continue;
                    }
                    items.put(key, item.path("value").asString(""));
                    above.add(comment);
                    comments.put(key, String.join("\n", above).strip());
                    above.clear();
                }
            } catch (JacksonException e) {
                throw new Refused("'" + ImportNames.shown(file) + "' is no JSON");
            }
            comments.values().removeIf(String::isEmpty);
            return new NamespaceFile(namespace, items, Format.of(namespace).isDocument() ? new TreeMap<>() : comments);
        }

        private void addLine(String comment, List<String> above) {
            if (comment.isEmpty()) {
                above.clear();
            } else {
                above.add(comment.replaceFirst("^[#!] ?", ""));
            }
        }
    },

    /** Nacos's console, "Export": {@code GROUP/DATA-ID}, with {@code .metadata.yml} (or {@code .meta.yml}) beside the groups. */
    NACOS {
        @Override
        void read(SortedMap<String, String> files, ImportNames names, Imported imported) {
            var metadata = NacosMetadata.of(files);
            files.forEach((file, text) -> {
                String[] path = file.split("/");
                if (file.equals(NacosMetadata.FILE) || file.equals(NacosMetadata.FORMER_FILE)) {
                    return;
                }
                if (path.length != 2) {
                    imported.leaveOut(file, "is no GROUP/DATA-ID");
                } else if (path[1].startsWith("cipher-")) {
                    imported.leaveOut(file, "is encrypted by a plug-in of Nacos");
                } else {
                    NacosMetadata.Entry entry = metadata.of(path[0], path[1]);
                    String group = path[0].equals("DEFAULT_GROUP") ? "" : path[0] + ".";
                    imported.add(
                            names.applicationOf(entry.application()),
                            names.stage(),
                            group + path[1],
                            formatOf(path[1], entry.type()),
                            text);
                }
            });
        }
    },

    /**
     * The repository of a Spring Cloud Config server: {@code APPLICATION[-PROFILE]} and {@code application[-PROFILE]}, as
     * {@code .yml}, {@code .yaml} or {@code .properties}, in the directory or in one called like the application. The stage is the
     * profile.
     */
    SPRING {
        @Override
        void read(SortedMap<String, String> files, ImportNames names, Imported imported) {
            SpringFiles.read(files, names, imported);
        }
    },

    /** Files in one directory, each a namespace of its name. */
    FILES {
        @Override
        void read(SortedMap<String, String> files, ImportNames names, Imported imported) {
            files.forEach((file, text) -> {
                if (file.contains("/") || file.startsWith(".")) {
                    imported.leaveOut(file, "lies in a directory of its own, or is hidden");
                } else if (!file.matches(".*\\.(properties|yaml|yml|json|txt)")) {
                    imported.leaveOut(file, "is none of .properties, .yaml, .yml, .json and .txt");
                } else {
                    imported.add(names.applicationOf(""), names.stage(), file, formatOf(file, ""), text);
                }
            });
        }
    };

    /** @throws Refused if a file is not what its place says, or two would become one namespace */
    abstract void read(SortedMap<String, String> files, ImportNames names, Imported imported);

    /** @param type as the export calls it; counts where the ending tells nothing */
    static Format formatOf(String file, String type) {
        String ending = file.contains(".") ? file.substring(file.lastIndexOf('.') + 1) : "";
        return known(ending).or(() -> known(type)).orElse(Format.TEXT);
    }

    private static Optional<Format> known(String name) {
        return switch (name) {
            case "properties" -> Optional.of(Format.PROPERTIES);
            case "yaml", "yml" -> Optional.of(Format.YAML);
            case "json" -> Optional.of(Format.JSON);
            case "txt", "xml", "html" -> Optional.of(Format.TEXT);
            default -> Optional.empty();
        };
    }
}
