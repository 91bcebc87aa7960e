package io.switchboard.configfiles;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** What an export of Nacos says of its files beside their names. */
final class NacosMetadata {

    /** Of Nacos 2: a list under {@code metadata} with {@code group}, {@code dataId}, {@code type} and {@code appName}. */
    static final String FILE = ".metadata.yml";

    /** Of Nacos 1: lines {@code GROUP.DATA~ID.app=NAME}. */
    static final String FORMER_FILE = ".meta.yml";

    private static final Entry NONE = new Entry("", "");

    private final Map<String, Entry> entries = new HashMap<>();

    /** Empty texts say nothing. */
    record Entry(String type, String application) {}

    private NacosMetadata() {}

    static NacosMetadata of(SortedMap<String, String> files) {
        var metadata = new NacosMetadata();
        metadata.read(files.getOrDefault(FILE, ""));
        metadata.readFormer(files.getOrDefault(FORMER_FILE, ""));
        return metadata;
    }

    Entry of(String group, String dataId) {
        return entries.getOrDefault(group + "/" + dataId, NONE);
    }

    private void read(String text) {
        Object root;
        try {
            root = new Yaml(new SafeConstructor(new LoaderOptions())).load(text.replaceFirst("^!!\\S+", ""));
        } catch (YAMLException e) {
            throw new Refused(FILE + " is no YAML");
        }
        if (root instanceof Map<?, ?> map && map.get("metadata") instanceof List<?> list) {
            for (Object one : list) {
                if (one instanceof Map<?, ?> entry) {
                    entries.put(
                            text(entry, "group") + "/" + text(entry, "dataId"),
                            new Entry(text(entry, "type"), text(entry, "appName")));
                }
            }
        }
    }

    private void readFormer(String text) {
        for (String line : text.lines().toList()) {
            int end = line.indexOf(".app=");
            int group = line.indexOf('.');
            if (end > group && group > 0) {
                entries.put(
                        line.substring(0, group)
                                + "/"
                                + line.substring(group + 1, end).replace('~', '.'),
                        new Entry("", line.substring(end + ".app=".length()).strip()));
            }
        }
    }

    private static String text(Map<?, ?> entry, String name) {
        return Objects.toString(entry.get(name), "");
    }
}
