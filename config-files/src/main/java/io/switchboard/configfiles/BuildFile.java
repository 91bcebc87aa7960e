package io.switchboard.configfiles;

import io.switchboard.configprotocol.SpringMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;

/**
 * What a build of an application says of itself.
 *
 * @param metadata Spring's configuration metadata of the application's own classes
 * @param version empty if it tells none
 */
record BuildFile(byte[] metadata, Optional<String> version) {

    private static final String IN_BOOT_JAR = "BOOT-INF/classes/" + SpringMetadata.FILE;

    /** @param source a jar, a directory of classes, or the metadata's file itself */
    static BuildFile read(Path source) throws IOException {
        if (Files.isDirectory(source)) {
            Path file = source.resolve(SpringMetadata.FILE);
            if (!Files.isRegularFile(file)) {
                throw none(source);
            }
            return new BuildFile(Files.readAllBytes(file), Optional.empty());
        }
        if (!Files.isRegularFile(source)) {
            throw new Refused("there is no " + source);
        }
        if (source.toString().endsWith(".json")) {
            return new BuildFile(Files.readAllBytes(source), Optional.empty());
        }
        try (var jar = new JarFile(source.toFile())) {
            ZipEntry boot = jar.getEntry(IN_BOOT_JAR);
            ZipEntry entry = boot == null ? jar.getEntry(SpringMetadata.FILE) : boot;
            if (entry == null) {
                throw none(source);
            }
            try (InputStream in = jar.getInputStream(entry)) {
                return new BuildFile(in.readAllBytes(), version(jar));
            }
        } catch (ZipException e) {
            throw new Refused(source + " is no jar");
        }
    }

    private static Optional<String> version(JarFile jar) throws IOException {
        return Optional.ofNullable(jar.getManifest())
                .map(manifest -> manifest.getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION));
    }

    private static Refused none(Path source) {
        return new Refused("there is no " + SpringMetadata.FILE + " in " + source
                + "; spring-boot-configuration-processor writes it when the application is compiled");
    }
}
