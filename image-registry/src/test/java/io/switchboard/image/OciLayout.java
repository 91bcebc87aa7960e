package io.switchboard.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/**
 * The smallest image there is, as a directory in OCI form.
 *
 * @param digest of its manifest
 * @param sizeBytes of config and layer
 */
record OciLayout(Path directory, String digest, long sizeBytes) {

    /** @param label makes its digest different from others' */
    static OciLayout write(Path directory, String label) throws Exception {
        Files.createDirectories(directory.resolve("blobs/sha256"));
        var layer = blob(directory, gzip(new byte[1024]));
        var config =
                blob(directory, """
                {"architecture":"amd64","os":"linux","config":{"Labels":{"name":"%s"}},\
                "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}""".formatted(label, sha256(new byte[1024])).getBytes(StandardCharsets.UTF_8));
        var manifest = blob(directory, """
                {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",\
                "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%d},\
                "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:%s","size":%d}]}""".formatted(config.hex(), config.size(), layer.hex(), layer.size())
                .getBytes(StandardCharsets.UTF_8));
        Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        Files.writeString(directory.resolve("index.json"), """
                {"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json",\
                "digest":"sha256:%s","size":%d}]}""".formatted(manifest.hex(), manifest.size()));
        return new OciLayout(directory, "sha256:" + manifest.hex(), config.size() + layer.size());
    }

    private static Blob blob(Path directory, byte[] content) throws IOException, NoSuchAlgorithmException {
        var hex = sha256(content);
        Files.write(directory.resolve("blobs/sha256").resolve(hex), content);
        return new Blob(hex, content.length);
    }

    private static String sha256(byte[] content) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    private static byte[] gzip(byte[] content) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(out)) {
            zip.write(content);
        }
        return out.toByteArray();
    }

    private record Blob(String hex, int size) {}
}
