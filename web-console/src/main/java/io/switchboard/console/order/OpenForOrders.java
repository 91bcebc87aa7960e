package io.switchboard.console.order;

import io.switchboard.contracts.ordering.InstanceView;

/** Which instances take part in new orders. */
public final class OpenForOrders {

    private OpenForOrders() {}

    /** Whether it is there, and not on its way out. */
    public static boolean is(InstanceView instance) {
        return switch (instance.state()) {
            case OPENING, RUNNING, CHANGING, STUCK -> true;
            case DELETING, DELETED -> false;
        };
    }
}
