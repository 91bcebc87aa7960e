package io.switchboard.standalone.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import jakarta.jms.JMSSecurityRuntimeException;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTests {

    private static final String PASSWORD = "of this test only";

    @TempDir
    Path directory;

    @Test
    void aMessageOutlivesTheBroker() throws Exception {
        int port = freePort();
        try (var broker = EmbeddedBroker.start(directory, port, "services", PASSWORD);
                var connections = connections(port, PASSWORD);
                var jms = connections.createContext()) {
            jms.createProducer().send(jms.createQueue("orders"), "kept");
        }

        try (var broker = EmbeddedBroker.start(directory, port, "services", PASSWORD);
                var connections = connections(port, PASSWORD);
                var jms = connections.createContext();
                var consumer = jms.createConsumer(jms.createQueue("orders"))) {
            assertThat(consumer.receiveBody(String.class, 5_000)).isEqualTo("kept");
        }
    }

    @Test
    void aWrongPasswordIsRefused() throws Exception {
        int port = freePort();
        try (var broker = EmbeddedBroker.start(directory, port, "services", PASSWORD);
                var connections = connections(port, "guessed")) {
            assertThatExceptionOfType(JMSSecurityRuntimeException.class).isThrownBy(connections::createContext);
        }
    }

    private static ActiveMQConnectionFactory connections(int port, String password) {
        var connections = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port);
        connections.setUser("services");
        connections.setPassword(password);
        return connections;
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
