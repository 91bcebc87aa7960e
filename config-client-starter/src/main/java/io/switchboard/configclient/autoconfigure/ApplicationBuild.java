package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.delivery.Build;
import io.switchboard.configprotocol.ApplicationMetadata;
import io.switchboard.configprotocol.Constraint;
import io.switchboard.configprotocol.KnownProperty;
import io.switchboard.configprotocol.Sha256;
import io.switchboard.configprotocol.SpringMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.json.JsonParser;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * The running application's build, told by its version and the content of its configuration metadata: those of its own and of all
 * libraries, with what validation annotations add, and the names of properties that its process has from elsewhere. It is put
 * together only if no other process has left it yet.
 */
final class ApplicationBuild implements Build {

    private static final Log log = LogFactory.getLog(ApplicationBuild.class);
    private static final boolean VALIDATION =
            ClassUtils.isPresent("jakarta.validation.Validator", ApplicationBuild.class.getClassLoader());
    private static final int LARGEST_FILE = 4 * 1024 * 1024;
    private static final int MOST_NAMES = 2_000;
    private static final int LONGEST_NAME = 255;

    private final ConfigurableApplicationContext context;
    private @Nullable String id;

    ApplicationBuild(ConfigurableApplicationContext context) {
        this.context = context;
    }

    @Override
    public String id() {
        if (id == null) {
            id = version().replaceAll("[^A-Za-z0-9._-]", "-") + "~" + hash();
        }
        return id;
    }

    /** As the build says, in {@code META-INF/build-info.properties} or in the jar's manifest. */
    private String version() {
        BuildProperties build = context.getBeanProvider(BuildProperties.class).getIfAvailable();
        String version = build != null && build.getVersion() != null
                ? build.getVersion()
                : context.getEnvironment().getProperty("spring.application.version", "unversioned");
        return StringUtils.truncate(version, 64).replace(" (truncated)...", "");
    }

    /** Of all that may make one build differ from another of the same version, as while it is developed. */
    private String hash() {
        try {
            MessageDigest digest = Sha256.begin();
            for (URL file : files()) {
                digest.update(content(file));
            }
            digest.update(constraints().toString().getBytes(StandardCharsets.UTF_8));
            // Also what differs with where it runs: a reference that leads somewhere in one process may not in another.
            digest.update(elsewhere().toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The application's own first. */
    private List<URL> files() throws IOException {
        ClassLoader loader = loader();
        return Collections.list(loader.getResources(SpringMetadata.FILE));
    }

    private ClassLoader loader() {
        ClassLoader loader = context.getClassLoader();
        return loader == null ? ApplicationBuild.class.getClassLoader() : loader;
    }

    private static byte[] content(URL file) throws IOException {
        try (InputStream in = file.openStream()) {
            return in.readNBytes(LARGEST_FILE);
        }
    }

    private SortedMap<String, List<Constraint>> constraints() {
        return VALIDATION ? BoundConstraints.of(context) : new TreeMap<>();
    }

    @Override
    public Optional<byte[]> metadata() {
        List<URL> files;
        try {
            files = files();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // The libraries' own properties may be too many; the application's are what is edited most.
        for (int count : new int[] {files.size(), Math.min(files.size(), 1)}) {
            byte[] encoded = metadata(files.subList(0, count)).encode();
            if (encoded.length <= ApplicationMetadata.LARGEST) {
                return Optional.of(encoded);
            }
            log.info("The configuration metadata of " + count + " files is too large to be left with the center");
        }
        return Optional.empty();
    }

    private ApplicationMetadata metadata(List<URL> files) {
        var gathered = new SpringMetadata();
        JsonParser json = JsonParserFactory.getJsonParser();
        for (URL file : files) {
            try {
                gathered.add(json.parseMap(new String(content(file), StandardCharsets.UTF_8)));
            } catch (IOException | RuntimeException e) {
                log.info("Not read: " + file + " (" + e.getClass().getName() + ")");
            }
        }
        complete(gathered.properties());
        return gathered.toMetadata(version(), elsewhere());
    }

    private void complete(SortedMap<String, KnownProperty> properties) {
        Map<String, List<String>> constants = new HashMap<>();
        properties.replaceAll((name, property) -> new KnownProperty(
                name,
                property.type(),
                property.description(),
                property.defaultValue(),
                property.deprecation(),
                constants.computeIfAbsent(element(property.type()), this::constants),
                List.of()));
        constraints()
                .forEach((name, constraints) -> properties.compute(
                        name,
                        (key, known) -> known == null
                                ? new KnownProperty(
                                        name, "", "", Optional.empty(), Optional.empty(), List.of(), constraints)
                                : known.with(constraints)));
    }

    /** What values are in the end: the type itself, or the last of its parameters. */
    private static String element(String type) {
        String last = type.substring(Math.max(type.lastIndexOf('<'), type.lastIndexOf(',')) + 1);
        return last.replaceAll("[>\\[\\]]", "").strip();
    }

    /** Of an enum, without initializing it; empty for any other type, and one that isn't there. */
    private List<String> constants(String type) {
        if (type.isEmpty() || type.startsWith("java.lang.") || !type.contains(".")) {
            return List.of();
        }
        try {
            return Arrays.stream(ClassUtils.forName(type, loader()).getDeclaredFields())
                    .filter(field -> field.isEnumConstant())
                    .map(field -> field.getName())
                    .toList();
        } catch (ClassNotFoundException | LinkageError e) {
            return List.of();
        }
    }

    /** Names only: values of this machine are nobody's business. */
    private List<String> elsewhere() {
        SortedSet<String> names = new TreeSet<>();
        for (PropertySource<?> source : context.getEnvironment().getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> known
                    && !(source instanceof ReleasePropertySource)
                    && !ConfigurationPropertySources.isAttachedConfigurationPropertySource(source)) {
                Arrays.stream(known.getPropertyNames())
                        // An empty YAML document is a source with a name that is none.
                        .filter(Objects::nonNull)
                        .filter(name -> name.length() <= LONGEST_NAME)
                        .forEach(names::add);
            }
        }
        return names.stream().limit(MOST_NAMES).toList();
    }
}
