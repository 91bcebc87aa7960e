package io.switchboard.access.balancer.haproxy;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.access.balancer.BalancerUnavailable;
import io.switchboard.access.endpoint.PresentedCertificate;
import io.switchboard.access.file.DurableFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates that HAProxy presents, from files in a directory: whoever renews one puts the file there, and it is taken over
 * while HAProxy runs. Each file is tried by HAProxy first and then copied to a directory that only this user may read; HAProxy
 * starts from the copies. So a file that is half written, or whose key isn't the certificate's, changes nothing, and the last good
 * one stays. Keys are never anywhere else, and never in a message or in the log.
 */
final class Certificates {

    private static final Logger log = LoggerFactory.getLogger(Certificates.class);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\\.pem");
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", Pattern.DOTALL);
    /** In a subject as RFC 2253 writes it; a host name has nothing that is escaped there. */
    private static final Pattern COMMON_NAME = Pattern.compile("(?:^|,)CN=([A-Za-z0-9*.-]+)");

    private static final long LARGEST = 256 * 1024;
    private static final String SUCCESS = "Success!";
    private static final Duration WARN_EVERY = Duration.ofDays(1);
    /** In a certificate's list of other names (RFC 5280, 4.2.1.6). */
    private static final int DNS_NAME = 2;

    private final Path source;
    private final Path accepted;
    private final HaproxyProgram program;
    private final Duration warnBefore;
    private final Clock clock;
    /** By name, what was tried last and refused, as a hash: a key has no place here. */
    private final Map<String, Integer> refused = new HashMap<>();

    /** By file, what this process has had HAProxy present, as a hash; it shows no more of that than the first certificate. */
    private final Map<String, Integer> told = new HashMap<>();

    /** By file, when its end was warned of last. */
    private final Map<String, Instant> warned = new HashMap<>();

    private volatile List<PresentedCertificate> presented = List.of();

    /**
     * @param source where they come from: files of PEM with a certificate, what it was signed with, and its key
     * @param accepted where the copies are
     * @param warnBefore how long before the end of one it is warned of
     */
    Certificates(Path source, Path accepted, HaproxyProgram program, Duration warnBefore, Clock clock) {
        this.source = source;
        this.accepted = accepted;
        this.program = program;
        this.warnBefore = warnBefore;
        this.clock = clock;
    }

    void measure(MeterRegistry meters) {
        Gauge.builder("access.certificates", () -> presented.size())
                .description("certificates that HAProxy presents to callers of TLS")
                .register(meters);
        Gauge.builder("access.certificates.ending", () -> ending().count())
                .description("those of them that have ended, or end within access.haproxy.certificate-warning")
                .register(meters);
        Gauge.builder("access.certificates.left", this::secondsLeft)
                .description("until the first of them ends; negative once it has, NaN if there are none")
                .baseUnit("seconds")
                .register(meters);
    }

    /** What HAProxy presents, as of the last look; by file. */
    List<PresentedCertificate> presented() {
        return presented;
    }

    private Stream<PresentedCertificate> ending() {
        var soon = clock.instant().plus(warnBefore);
        return presented.stream().filter(one -> one.notAfter().isBefore(soon));
    }

    private double secondsLeft() {
        return presented.stream()
                .map(one -> Duration.between(clock.instant(), one.notAfter()))
                .min(Duration::compareTo)
                .map(left -> (double) left.toSeconds())
                .orElse(Double.NaN);
    }

    /** Once a day for each, as long as it isn't renewed. */
    private void warn() {
        var now = clock.instant();
        warned.keySet().retainAll(ending().map(PresentedCertificate::file).toList());
        ending().filter(one -> !warned.getOrDefault(one.file(), Instant.MIN).isAfter(now.minus(WARN_EVERY)))
                .forEach(one -> {
                    warned.put(one.file(), now);
                    log.warn(
                            "the certificate {} for {} {} at {}; renew it",
                            one.file(),
                            String.join(", ", one.names()),
                            one.notAfter().isAfter(now) ? "ends" : "has ended",
                            one.notAfter());
                });
    }

    /** The file that lists the copies for HAProxy. */
    Path list() {
        return accepted.resolve("list.txt");
    }

    /** Brings the copies in line with the directory, before HAProxy is told, started or reloaded. */
    synchronized void collect() {
        try {
            if (!Files.isDirectory(accepted)) {
                Files.createDirectories(accepted.getParent());
                Files.createDirectory(
                        accepted, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            var offered = files(source);
            var copies = new TreeMap<>(files(accepted));
            for (var entry : offered.entrySet()) {
                if (!entry.getValue().equals(copies.get(entry.getKey())) && takes(entry.getKey(), entry.getValue())) {
                    DurableFile.replace(accepted.resolve(entry.getKey()), entry.getValue());
                    copies.put(entry.getKey(), entry.getValue());
                }
            }
            for (String gone : List.copyOf(copies.keySet())) {
                if (!offered.containsKey(gone)) {
                    copies.remove(gone);
                    Files.deleteIfExists(accepted.resolve(gone));
                }
            }
            var lines = copies.keySet().stream()
                    .map(name -> accepted.resolve(name) + "\n")
                    .collect(Collectors.joining());
            if (!Files.exists(list()) || !Files.readString(list()).equals(lines)) {
                DurableFile.replace(list(), lines);
            }
            presented = copies.entrySet().stream()
                    .flatMap(copy -> described(copy.getKey(), copy.getValue()).stream())
                    .toList();
            warn();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Has HAProxy present what the copies hold, and nothing else; the same again changes nothing.
     *
     * @throws BalancerUnavailable if it gives no answer
     */
    synchronized void present(RuntimeApi api, Path socket) {
        Map<String, String> wanted = new TreeMap<>();
        try {
            files(accepted)
                    .forEach((name, text) -> wanted.put(accepted.resolve(name).toString(), text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var present = api.send(socket, "show ssl cert")
                .lines()
                .map(line -> line.startsWith("*") ? line.substring(1) : line)
                .filter(line -> line.startsWith(accepted + "/"))
                .collect(Collectors.toSet());
        var listed = api.send(socket, "show ssl crt-list " + list()).lines().collect(Collectors.toSet());
        wanted.forEach((file, text) -> {
            boolean known = present.contains(file);
            if (!known) {
                api.send(socket, "new ssl cert " + file);
            }
            if (!known
                    || !Integer.valueOf(text.hashCode()).equals(told.get(file))
                    || !presents(api, socket, file, text)) {
                replace(api, socket, file, text);
            }
            if (!listed.contains(file)) {
                told(api.send(socket, "add ssl crt-list " + list() + " " + file), "listing " + file);
            }
        });
        present.stream().filter(file -> !wanted.containsKey(file)).forEach(file -> {
            api.send(socket, "del ssl crt-list " + list() + " " + file);
            api.send(socket, "del ssl cert " + file);
            log.info("HAProxy no longer presents the certificate {}", file);
        });
    }

    /**
     * Both of these.
     *
     * @return whether HAProxy presents others than before
     */
    synchronized boolean renew(RuntimeApi api, Path socket) {
        var before = presented;
        collect();
        present(api, socket);
        return !presented.equals(before);
    }

    private void replace(RuntimeApi api, Path socket, String file, String text) {
        // A payload ends with an empty line, so there must be none within.
        var lines = text.lines().filter(line -> !line.isBlank()).collect(Collectors.joining("\n"));
        var set = api.send(socket, "set ssl cert " + file + " <<\n" + lines + "\n");
        var commit = api.send(socket, "commit ssl cert " + file);
        if (!commit.contains(SUCCESS)) {
            api.send(socket, "abort ssl cert " + file);
            log.warn("HAProxy doesn't take the certificate {}: {}", file, first(set));
        } else {
            told.put(file, text.hashCode());
            log.info("HAProxy presents the certificate {}", file);
        }
    }

    private static void told(String answer, String what) {
        if (!answer.contains(SUCCESS)) {
            log.warn("HAProxy refused {}: {}", what, first(answer));
        }
    }

    private static String first(String answer) {
        return answer.lines().filter(line -> !line.isBlank()).findFirst().orElse("no answer");
    }

    private static boolean presents(RuntimeApi api, Path socket, String file, String text) {
        var shown = RuntimeApi.info(api.send(socket, "show ssl cert " + file));
        return fingerprint(text).equals(Optional.ofNullable(shown.get("SHA1 FingerPrint")));
    }

    /** Of the first certificate, as HAProxy shows it. */
    private static Optional<String> fingerprint(String text) {
        return certificate(text).map(certificate -> {
            try {
                return HexFormat.of()
                        .withUpperCase()
                        .formatHex(MessageDigest.getInstance("SHA-1").digest(certificate.getEncoded()));
            } catch (CertificateException | NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static Optional<PresentedCertificate> described(String file, String text) {
        return certificate(text)
                .map(certificate -> new PresentedCertificate(
                        file, names(certificate), certificate.getNotAfter().toInstant()));
    }

    /** As HAProxy takes them: the common name counts beside the others. */
    private static List<String> names(X509Certificate certificate) {
        var names = new TreeSet<String>();
        try {
            var others = certificate.getSubjectAlternativeNames();
            if (others != null) {
                others.stream()
                        .filter(name -> Integer.valueOf(DNS_NAME).equals(name.getFirst()))
                        .forEach(name -> names.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT)));
            }
        } catch (CertificateParsingException e) {
            // Whoever asks for it by its common name gets it all the same.
            log.debug("other names of a certificate can't be read: {}", e.getMessage());
        }
        var common = COMMON_NAME.matcher(certificate.getSubjectX500Principal().getName());
        if (common.find()) {
            names.add(common.group(1).toLowerCase(Locale.ROOT));
        }
        return List.copyOf(names);
    }

    /** The first one, which is the one that is presented. */
    private static Optional<X509Certificate> certificate(String text) {
        var certificate = CERTIFICATE.matcher(text);
        if (!certificate.find()) {
            return Optional.empty();
        }
        try {
            return Optional.of((X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(certificate.group().getBytes(StandardCharsets.US_ASCII))));
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }

    /** Whether HAProxy would start with it. What it refused is tried again once it is another. */
    private boolean takes(String name, String text) throws IOException {
        if (Integer.valueOf(text.hashCode()).equals(refused.get(name))) {
            return false;
        }
        var candidate = accepted.resolve(".candidate");
        var config = accepted.resolve(".candidate.cfg");
        try {
            DurableFile.replace(candidate, text);
            DurableFile.replace(config, """
                    frontend candidate
                      mode http
                      timeout client 1s
                      bind unix@%s ssl crt %s
                    """.formatted(accepted.resolve(".candidate.sock"), candidate));
            program.check(config);
            refused.remove(name);
            return true;
        } catch (BalancerUnavailable e) {
            refused.put(name, text.hashCode());
            log.warn(
                    "the certificate {} can't be used, and what was there before stays: {}",
                    source.resolve(name),
                    why(e));
            return false;
        } finally {
            Files.deleteIfExists(candidate);
            Files.deleteIfExists(config);
        }
    }

    private static String why(BalancerUnavailable refusal) {
        return String.valueOf(refusal.getMessage())
                .lines()
                .filter(line -> line.contains("ALERT"))
                .findFirst()
                .orElse("HAProxy refuses it");
    }

    /** What isn't a file of that kind is passed over. */
    private static Map<String, String> files(Path directory) throws IOException {
        Map<String, String> files = new HashMap<>();
        if (!Files.isDirectory(directory)) {
            return files;
        }
        List<Path> found = new ArrayList<>();
        try (var entries = Files.list(directory)) {
            entries.filter(file -> NAME.matcher(file.getFileName().toString()).matches())
                    .filter(Files::isRegularFile)
                    .forEach(found::add);
        }
        for (Path file : found) {
            if (Files.size(file) <= LARGEST) {
                // Byte by byte: what isn't text is for HAProxy to refuse.
                files.put(file.getFileName().toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return files;
    }
}
