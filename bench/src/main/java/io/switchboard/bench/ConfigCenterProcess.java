package io.switchboard.bench;

import java.io.IOException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/** A config center in a process of its own. Arguments: connect string, port, the issuer's public key. */
final class ConfigCenterProcess {

    private ConfigCenterProcess() {}

    /** On a free port. It answers only after a while. */
    static ChildProcess start(String zookeeper, int port, Tokens tokens) throws IOException {
        return ChildProcess.start(
                ConfigCenterProcess.class,
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                List.of(zookeeper, String.valueOf(port), tokens.publicKey()),
                line -> {});
    }

    public static void main(String[] args) throws Exception {
        var key = KeyFactory.getInstance("RSA")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(args[2])));
        ConfigCenter.start(
                args[0], NimbusJwtDecoder.withPublicKey((RSAPublicKey) key).build(), Integer.parseInt(args[1]));
    }
}
