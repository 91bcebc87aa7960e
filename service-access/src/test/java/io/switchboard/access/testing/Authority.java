package io.switchboard.access.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A key that signs certificates; each that it signs is another, however often it is for the same key. */
public final class Authority {

    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", Pattern.DOTALL);

    private final Path directory;
    private final String name;

    public Authority(Path directory, String name) {
        this.directory = directory;
        this.name = name;
        keytool(
                name,
                List.of(
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "bc:c"));
    }

    /** PEM, for this one's key. */
    public String certify(Authority other) {
        return certify(other.name, "bc:c");
    }

    /**
     * PEM, for the key of a certificate of {@link Certificate#in}.
     *
     * @param names as keytool takes them
     */
    public String certify(String other, String names) {
        var request = directory.resolve(other + ".csr");
        var signed = directory.resolve(other + ".signed");
        keytool(other, List.of("-certreq", "-file", request.toString()));
        keytool(
                name,
                List.of(
                        "-gencert",
                        "-rfc",
                        "-validity",
                        "2",
                        "-ext",
                        names.equals("bc:c") ? names : "san=" + names,
                        "-infile",
                        request.toString(),
                        "-outfile",
                        signed.toString()));
        try {
            var first = CERTIFICATE.matcher(Files.readString(signed).replace("\r\n", "\n"));
            if (!first.find()) {
                throw new IllegalStateException("keytool signed nothing");
            }
            return first.group();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void keytool(String alias, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(arguments);
        command.addAll(List.of(
                "-alias",
                alias,
                "-storetype",
                "PKCS12",
                "-keystore",
                directory.resolve(alias + ".p12").toString(),
                "-storepass",
                Certificate.PASSWORD));
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("keytool: " + said);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
