package io.switchboard.image.token;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The key that signs registry tokens, with the self-signed certificate that a registry trusts it by. Made at first
 * start and kept; who wants another deletes both files and restarts this service and the registry.
 *
 * @param certificateFile PEM; the registry's {@code rootcertbundle}
 */
record SigningKey(PrivateKey key, X509Certificate certificate, Path certificateFile) {

    private static final Duration VALID = Duration.ofDays(3650);
    private static final Duration CLOCK_SKEW = Duration.ofDays(1);

    /** @throws IllegalStateException if one of the two files is missing or they can't be read */
    static SigningKey in(Path directory, String issuer, Clock clock) {
        var keyFile = directory.resolve("signing-key.pem");
        var certificateFile = directory.resolve("signing-certificate.pem");
        try {
            if (!Files.exists(keyFile) && !Files.exists(certificateFile)) {
                create(keyFile, certificateFile, issuer, clock);
            }
            var key = new JcaPEMKeyConverter().getPrivateKey(read(keyFile, PrivateKeyInfo.class));
            var certificate = new JcaX509CertificateConverter()
                    .getCertificate(read(certificateFile, X509CertificateHolder.class));
            return new SigningKey(key, certificate, certificateFile.toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("the signing key in " + directory + " is of no use", e);
        }
    }

    @Override
    public String toString() {
        return "SigningKey[" + certificateFile + "]";
    }

    private static void create(Path keyFile, Path certificateFile, String issuer, Clock clock)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var pair = generator.generateKeyPair();
        var name = new X500Name("CN=" + issuer.replaceAll("[^A-Za-z0-9 .-]", "-") + " registry tokens");
        var now = clock.instant();
        var certificate = new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.valueOf(now.toEpochMilli()),
                        Date.from(now.minus(CLOCK_SKEW)),
                        Date.from(now.plus(VALID)),
                        name,
                        pair.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate()));
        SecretFile.write(certificateFile, pem(certificate));
        SecretFile.write(keyFile, pem(new JcaPKCS8Generator(pair.getPrivate(), null)));
    }

    private static String pem(Object content) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(content);
        }
        return text.toString();
    }

    private static <T> T read(Path file, Class<T> type) throws IOException {
        try (var parser = new PEMParser(Files.newBufferedReader(file))) {
            var content = parser.readObject();
            if (type.isInstance(content)) {
                return type.cast(content);
            }
            throw new IllegalStateException(file + " holds no " + type.getSimpleName());
        }
    }
}
