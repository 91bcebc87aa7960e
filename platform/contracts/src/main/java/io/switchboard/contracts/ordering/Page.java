package io.switchboard.contracts.ordering;

import java.util.List;
import java.util.Optional;

/**
 * One page of a list, newest first.
 *
 * @param next the {@code cursor} of the page after this one; empty on the last
 */
public record Page<T>(List<T> items, Optional<String> next) {

    public Page {
        items = List.copyOf(items);
    }
}
