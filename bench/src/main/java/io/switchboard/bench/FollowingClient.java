package io.switchboard.bench;

import io.switchboard.configclient.delivery.Coordinates;
import io.switchboard.configclient.delivery.Outcome;
import io.switchboard.configclient.delivery.ReleaseFollower;
import io.switchboard.configclient.delivery.RunningRelease;
import io.switchboard.configclient.delivery.RunningRelease.Source;
import io.switchboard.configprotocol.ClientReport.Health;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.configprotocol.Release;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A client as the starter runs one in each application: a session, a watch and a cache of its own. */
final class FollowingClient implements AutoCloseable {

    private final ReleaseFollower follower;

    /** @param taken gets what is taken over in one step, on the client's thread */
    FollowingClient(Coordinates coordinates, List<String> namespaces, Consumer<List<Release>> taken) {
        var clock = Clock.systemUTC();
        List<RunningRelease> started = namespaces.stream()
                .map(namespace -> new RunningRelease(
                        coordinates.path(namespace), Pointer.NOTHING, clock.instant(), Source.NONE, Optional.empty()))
                .toList();
        follower = new ReleaseFollower(
                coordinates,
                started,
                List.of(),
                releases -> {
                    taken.accept(releases);
                    return new Outcome.TakenOver(Set.of());
                },
                Optional.empty(),
                () -> Health.UNKNOWN,
                clock);
    }

    @Override
    public void close() {
        follower.close();
    }
}
