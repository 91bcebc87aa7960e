package io.switchboard.bench;

import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/** A config center in a process of its own. Arguments: connect string, port, the issuer's public key. */
final class ConfigCenterProcess {

    private ConfigCenterProcess() {}

    public static void main(String[] args) throws Exception {
        var key = KeyFactory.getInstance("RSA")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(args[2])));
        ConfigCenter.start(
                args[0], NimbusJwtDecoder.withPublicKey((RSAPublicKey) key).build(), Integer.parseInt(args[1]));
    }
}
