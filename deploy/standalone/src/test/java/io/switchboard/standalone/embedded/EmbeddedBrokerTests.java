package io.switchboard.standalone.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTests {

    @Test
    void aMessageOutlivesTheBroker(@TempDir Path directory) throws Exception {
        try (var broker = EmbeddedBroker.start(directory);
                var connections = new ActiveMQConnectionFactory(EmbeddedBroker.URL);
                var jms = connections.createContext()) {
            jms.createProducer().send(jms.createQueue("orders"), "kept");
        }

        try (var broker = EmbeddedBroker.start(directory);
                var connections = new ActiveMQConnectionFactory(EmbeddedBroker.URL);
                var jms = connections.createContext();
                var consumer = jms.createConsumer(jms.createQueue("orders"))) {
            assertThat(consumer.receiveBody(String.class, 5_000)).isEqualTo("kept");
        }
    }
}
