package io.switchboard.scheduling.rollout;

import jakarta.jms.ConnectionFactory;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jms.JmsException;
import org.springframework.jms.core.JmsTemplate;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells the scheduler that leads which deployments have changed. Not durable: one that is lost, or comes while nobody
 * leads, is covered by the leader's periodic pass.
 */
final class LeaderHints {

    static final String TOPIC = "scheduler-hints";

    private static final Logger log = LoggerFactory.getLogger(LeaderHints.class);
    private static final TypeReference<List<UUID>> IDS = new TypeReference<>() {};

    private final JmsTemplate broker;
    private final JsonMapper json;

    LeaderHints(ConnectionFactory connections, JsonMapper json) {
        this.broker = new JmsTemplate(connections);
        this.broker.setPubSubDomain(true);
        this.broker.setExplicitQosEnabled(true);
        this.broker.setDeliveryPersistent(false);
        this.json = json;
    }

    void send(Collection<UUID> instanceIds) {
        try {
            broker.convertAndSend(TOPIC, json.writeValueAsString(instanceIds));
        } catch (JmsException e) {
            log.debug("the leader finds out by itself", e);
        }
    }

    Collection<UUID> read(List<String> texts) {
        return texts.stream()
                .flatMap(text -> json.readValue(text, IDS).stream())
                .collect(Collectors.toSet());
    }
}
