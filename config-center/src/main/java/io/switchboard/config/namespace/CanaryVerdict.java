package io.switchboard.config.namespace;

import io.switchboard.config.namespace.Namespaces.Connected;
import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.ClientReport.Health;
import io.switchboard.configprotocol.ClientReport.Trials;
import io.switchboard.contracts.config.CanaryApi.CanaryClient;
import io.switchboard.contracts.config.CanaryApi.CanaryView;
import io.switchboard.contracts.config.CanaryApi.ClientState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the clients' reports mean for a canary. */
sealed interface CanaryVerdict {

    /** All clients that it is for run it and say nothing against it. */
    record Proven() implements CanaryVerdict {}

    /** Some still have time. */
    record Open() implements CanaryVerdict {}

    /**
     * One that had confirmed it is gone before the time to do so was over. That may be the canary's doing, or somebody stopped
     * it on purpose: it ends nothing, but nothing is proven either.
     */
    record Unproven() implements CanaryVerdict {}

    /** @param reason names the client */
    record Failed(String reason) implements CanaryVerdict {}

    /** @param clients as {@link #clients} has them at that time */
    static CanaryVerdict of(CanaryLog.Entry entry, List<CanaryClient> clients, Instant now) {
        Optional<CanaryClient> against = clients.stream()
                .filter(client -> switch (client.state()) {
                    case REFUSED, UNHEALTHY, LATE -> true;
                    case OTHER, WAITING, RUNS, GONE -> false;
                })
                .findFirst();
        if (against.isPresent()) {
            return new Failed(reason(entry.canary(), against.get()));
        }
        boolean timeIsUp = now.isAfter(deadline(entry.canary(), entry.canary().chosenAt()));
        boolean proven = entry.canary().provenAt().isPresent();
        if (timeIsUp && proven) {
            // Later on clients go with every deployment.
            return new Proven();
        }
        List<CanaryClient> gone = clients.stream()
                .filter(client -> client.state() == ClientState.GONE)
                .toList();
        Optional<CanaryClient> never = gone.stream()
                .filter(client -> entry.expectedIn(client.namespace()).contains(client.client()))
                .findFirst();
        if (never.isPresent()) {
            return timeIsUp
                    ? new Failed("Client '" + never.get().client() + "' is gone and did not confirm it.")
                    : new Open();
        }
        if (!gone.isEmpty()) {
            return new Unproven();
        }
        return clients.stream().anyMatch(client -> client.state() == ClientState.WAITING) ? new Open() : new Proven();
    }

    private static String reason(CanaryView canary, CanaryClient client) {
        String who = "Client '" + client.client() + "'";
        String why = client.problem().map(problem -> ": " + problem).orElse("");
        return switch (client.state()) {
            case REFUSED -> who + " can't take it over" + why + ".";
            case UNHEALTHY -> who + " runs it and is not healthy" + why + ".";
            default -> who + " did not confirm it within " + canary.confirmSeconds() + " seconds.";
        };
    }

    /** Names of those that run it, by namespace. */
    static Map<String, Set<String>> running(List<CanaryClient> clients) {
        return clients.stream()
                .filter(client -> client.state() == ClientState.RUNS)
                .collect(Collectors.groupingBy(
                        CanaryClient::namespace, Collectors.mapping(CanaryClient::client, Collectors.toSet())));
    }

    /** By namespace and name, those chosen first. */
    static List<CanaryClient> clients(CanaryLog.Entry entry, Map<String, List<Connected>> connected, Instant now) {
        CanaryView canary = entry.canary();
        List<CanaryClient> clients = new ArrayList<>();
        canary.releases().forEach((namespace, number) -> {
            List<Connected> there = connected.getOrDefault(namespace, List.of());
            there.forEach(one -> clients.add(client(canary, namespace, number, one, now)));
            Set<String> names = there.stream().map(one -> one.report().client()).collect(Collectors.toSet());
            Stream.concat(entry.expectedIn(namespace).stream(), entry.confirmedIn(namespace).stream())
                    .filter(name -> !names.contains(name))
                    .forEach(name ->
                            clients.add(new CanaryClient(namespace, name, 0, ClientState.GONE, Optional.empty())));
        });
        clients.sort(Comparator.comparing((CanaryClient client) -> client.state() == ClientState.OTHER)
                .thenComparing(CanaryClient::namespace)
                .thenComparing(CanaryClient::client));
        return clients;
    }

    private static CanaryClient client(
            CanaryView canary, String namespace, long number, Connected client, Instant now) {
        ClientReport report = client.report();
        Optional<Trials> chosen = report.trials()
                .filter(known -> Choices.of(canary.choice()).includes(canary.id(), report.client(), known.labels()));
        ClientState state =
                chosen.map(known -> state(canary, number, client, known, now)).orElse(ClientState.OTHER);
        boolean says = state == ClientState.REFUSED || state == ClientState.UNHEALTHY;
        return new CanaryClient(
                namespace, report.client(), report.release(), state, says ? report.problem() : Optional.empty());
    }

    private static ClientState state(CanaryView canary, long number, Connected client, Trials known, Instant now) {
        ClientReport report = client.report();
        if (known.refused().isPresent() && known.refused().getAsLong() == number) {
            return ClientState.REFUSED;
        }
        if (report.release() == number) {
            return known.health() == Health.DOWN ? ClientState.UNHEALTHY : ClientState.RUNS;
        }
        // One that was started meanwhile has as long as the others had; when that was, its own clock has no say in.
        Instant from = client.since().isAfter(canary.chosenAt()) ? client.since() : canary.chosenAt();
        return now.isAfter(deadline(canary, from)) ? ClientState.LATE : ClientState.WAITING;
    }

    private static Instant deadline(CanaryView canary, Instant from) {
        return from.plusSeconds(canary.confirmSeconds());
    }
}
