package io.switchboard.scheduling.inbox;

import java.util.List;

/**
 * Handles the texts of a batch of messages in one transaction of its own, completely or not at all. The same messages
 * may come again.
 */
@FunctionalInterface
public interface BatchHandler {

    /**
     * @param texts message bodies, in the order they came, never empty
     * @throws RuntimeException if one of them can't be handled; each is then tried again alone, until the broker has
     *     enough of it and moves it to its dead letter address
     */
    void handle(List<String> texts);
}
