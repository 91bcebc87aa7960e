package io.switchboard.scheduling.capacity;

import java.util.Optional;

/** Sizing by the shipped models. */
public final class Sizings {

    private Sizings() {}

    /** With room for whatever is asked. */
    public static OrderSizing onAnyNodes() {
        return new ModelledSizing(new ShippedModels(), Optional::empty);
    }
}
