package io.switchboard.console.overview;

import io.switchboard.console.page.Lamps;
import io.switchboard.console.page.Tone;
import io.switchboard.contracts.access.Address;
import io.switchboard.contracts.ordering.InstanceView;
import io.switchboard.contracts.ordering.LoadProfile;
import java.util.List;
import java.util.UUID;

/** One instance at a glance. */
record InstanceCard(
        UUID id,
        String name,
        String serviceType,
        String plan,
        InstanceView.State state,
        Tone tone,
        String message,
        LoadProfile load,
        List<Address> addresses,
        Lamps lamps) {

    static InstanceCard of(InstanceView instance) {
        return new InstanceCard(
                instance.id(),
                instance.name(),
                instance.serviceType(),
                instance.plan(),
                instance.state(),
                Tone.of(instance.state()),
                instance.message(),
                instance.loadProfile(),
                instance.addresses(),
                new Lamps(instance.readyTasks(), instance.wantedTasks()));
    }

    boolean living() {
        return state != InstanceView.State.DELETED;
    }
}
