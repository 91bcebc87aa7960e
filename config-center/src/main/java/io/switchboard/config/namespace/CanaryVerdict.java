package io.switchboard.config.namespace;

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

/** What the clients' reports mean for a canary. */
sealed interface CanaryVerdict {

    /** All clients that it is for run it and say nothing against it. */
    record Proven() implements CanaryVerdict {}

    /** Some still have time. */
    record Open() implements CanaryVerdict {}

    /** @param reason names the client */
    record Failed(String reason) implements CanaryVerdict {}

    /** @param reports of all clients, by namespace */
    static CanaryVerdict of(CanaryLog.Entry entry, Map<String, List<ClientReport>> reports, Instant now) {
        List<CanaryClient> clients = clients(entry.canary(), reports, now);
        Optional<CanaryClient> against = clients.stream()
                .filter(client -> switch (client.state()) {
                    case REFUSED, UNHEALTHY, LATE -> true;
                    case OTHER, WAITING, RUNS -> false;
                })
                .findFirst();
        if (against.isPresent()) {
            return new Failed(reason(entry.canary(), against.get()));
        }
        boolean open = clients.stream().anyMatch(client -> client.state() == ClientState.WAITING);
        Optional<String> missing = entry.canary().provenAt().isPresent() ? Optional.empty() : missing(entry, clients);
        if (missing.isPresent()) {
            return now.isAfter(deadline(entry.canary(), entry.canary().chosenAt()))
                    ? new Failed("Client '" + missing.get() + "' is gone and did not confirm it.")
                    : new Open();
        }
        return open ? new Open() : new Proven();
    }

    private static String reason(CanaryView canary, CanaryClient client) {
        String who = "Client '" + client.client() + "'";
        return switch (client.state()) {
            case REFUSED ->
                who + " can't take it over"
                        + client.problem().map(why -> ": " + why).orElse("") + ".";
            case UNHEALTHY -> who + " runs it and is not healthy.";
            default -> who + " did not confirm it within " + canary.confirmSeconds() + " seconds.";
        };
    }

    /** One that it was given to and that isn't there any more. */
    private static Optional<String> missing(CanaryLog.Entry entry, List<CanaryClient> clients) {
        for (Map.Entry<String, List<String>> expected : entry.expected().entrySet()) {
            Set<String> there = clients.stream()
                    .filter(client -> client.namespace().equals(expected.getKey()))
                    .map(CanaryClient::client)
                    .collect(Collectors.toSet());
            Optional<String> missing = expected.getValue().stream()
                    .filter(name -> !there.contains(name))
                    .findFirst();
            if (missing.isPresent()) {
                return missing;
            }
        }
        return Optional.empty();
    }

    /** By namespace and name, those chosen first. */
    static List<CanaryClient> clients(CanaryView canary, Map<String, List<ClientReport>> reports, Instant now) {
        List<CanaryClient> clients = new ArrayList<>();
        canary.releases().forEach((namespace, number) -> {
            for (ClientReport report : reports.getOrDefault(namespace, List.of())) {
                clients.add(client(canary, namespace, number, report, now));
            }
        });
        clients.sort(Comparator.comparing((CanaryClient client) -> client.state() == ClientState.OTHER)
                .thenComparing(CanaryClient::namespace)
                .thenComparing(CanaryClient::client));
        return clients;
    }

    private static CanaryClient client(
            CanaryView canary, String namespace, long number, ClientReport report, Instant now) {
        Optional<Trials> chosen = report.trials()
                .filter(known -> Choices.of(canary.choice()).includes(canary.id(), report.client(), known.labels()));
        ClientState state =
                chosen.map(known -> state(canary, number, report, known, now)).orElse(ClientState.OTHER);
        return new CanaryClient(
                namespace,
                report.client(),
                report.release(),
                state,
                state == ClientState.REFUSED ? report.problem() : Optional.empty());
    }

    private static ClientState state(CanaryView canary, long number, ClientReport report, Trials known, Instant now) {
        if (known.refused().isPresent() && known.refused().getAsLong() == number) {
            return ClientState.REFUSED;
        }
        if (report.release() == number) {
            return known.health() == Health.DOWN ? ClientState.UNHEALTHY : ClientState.RUNS;
        }
        // One that was started meanwhile has as long as the others had.
        Instant from = report.since().isAfter(canary.chosenAt()) ? report.since() : canary.chosenAt();
        return now.isAfter(deadline(canary, from)) ? ClientState.LATE : ClientState.WAITING;
    }

    private static Instant deadline(CanaryView canary, Instant from) {
        return from.plusSeconds(canary.confirmSeconds());
    }
}
