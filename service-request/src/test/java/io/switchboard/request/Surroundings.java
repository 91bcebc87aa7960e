package io.switchboard.request;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.jms.ConnectionFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.test.context.DynamicPropertyRegistrar;
import tools.jackson.databind.json.JsonMapper;

/** What the service needs around it. */
@TestConfiguration(proxyBeanMethods = false)
class Surroundings {

    static final SecretKey KEY = new SecretKeySpec(
            "a key for tests, as long as this algorithm wants it".getBytes(StandardCharsets.US_ASCII), "HmacSHA256");

    private static final AtomicInteger BROKERS = new AtomicInteger();

    @Bean(destroyMethod = "close")
    EmbeddedPostgres postgres() throws Exception {
        return EmbeddedPostgres.builder()
                .setServerConfig("log_error_verbosity", "terse")
                .start();
    }

    /** Kept in memory: what a broker writes to disk is its own affair. */
    @Bean(destroyMethod = "stop")
    EmbeddedActiveMQ broker() throws Exception {
        var configuration = new ConfigurationImpl()
                .setPersistenceEnabled(false)
                .setSecurityEnabled(false)
                .addAcceptorConfiguration("vm", "vm://" + BROKERS.incrementAndGet())
                .addAddressSetting(
                        "#", new AddressSettings().setAutoDeleteQueues(false).setAutoDeleteAddresses(false));
        return new EmbeddedActiveMQ().setConfiguration(configuration).start();
    }

    @Bean
    DynamicPropertyRegistrar addresses(EmbeddedPostgres postgres, EmbeddedActiveMQ broker) {
        return properties -> {
            properties.add("spring.datasource.url", () -> postgres.getJdbcUrl("postgres", "postgres"));
            properties.add("spring.datasource.username", () -> "postgres");
            properties.add("spring.artemis.broker-url", () -> "vm://" + BROKERS.get());
        };
    }

    @Bean
    JwtDecoder jwtDecoder() {
        return NimbusJwtDecoder.withSecretKey(KEY)
                .macAlgorithm(MacAlgorithm.HS256)
                .build();
    }

    @Bean
    @Lazy
    Service service(ServletWebServerApplicationContext context, JdbcClient jdbc, JsonMapper json) {
        return new Service(context, jdbc, json);
    }

    @Bean(destroyMethod = "close")
    Neighbours neighbours(ConnectionFactory broker, JsonMapper json) {
        return new Neighbours(broker, json);
    }
}
