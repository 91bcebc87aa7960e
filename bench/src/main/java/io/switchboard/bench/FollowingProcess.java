package io.switchboard.bench;

import io.switchboard.configclient.delivery.Coordinates;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Clients in a process of their own; each prints its name, and the stamp of what it takes over. */
final class FollowingProcess {

    static final String NAMESPACE = "application";
    static final String ITEM = "stamp";

    private FollowingProcess() {}

    /** Arguments: how many, then those of {@link ConfigCenter#arguments}. */
    public static void main(String[] args) throws Exception {
        int clients = Integer.parseInt(args[0]);
        Coordinates coordinates =
                ConfigCenter.coordinates(List.of(args).subList(1, args.length).toArray(String[]::new));
        for (int client = 0; client < clients; client++) {
            String name = coordinates.client() + "-" + client;
            new FollowingClient(
                    coordinates,
                    List.of(NAMESPACE),
                    releases -> System.out.println("took " + name + " "
                            + releases.getFirst().items().values().get(ITEM)));
        }
        new CountDownLatch(1).await();
    }
}
