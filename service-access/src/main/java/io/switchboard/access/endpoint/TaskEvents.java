package io.switchboard.access.endpoint;

import io.switchboard.contracts.scheduling.TaskSnapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jms.annotation.JmsListener;
import tools.jackson.core.JacksonException;

/** Takes task snapshots as the scheduler publishes them. */
class TaskEvents {

    private static final Logger log = LoggerFactory.getLogger(TaskEvents.class);

    private final Registrar registrar;

    TaskEvents(Registrar registrar) {
        this.registrar = registrar;
    }

    /** A message that can't be read won't get better by being sent again; the next resync brings what it said. */
    @JmsListener(
            destination = TaskSnapshot.TOPIC,
            subscription = "service-access",
            containerFactory = "taskEventsContainerFactory")
    void received(String message) {
        try {
            Json.readAll(message, TaskSnapshot.class).forEach(registrar::accept);
        } catch (JacksonException e) {
            log.error("a message on {} holds no task snapshots and is dropped: {}", TaskSnapshot.TOPIC, e.getMessage());
        }
    }
}
