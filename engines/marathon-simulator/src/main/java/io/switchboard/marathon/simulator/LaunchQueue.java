package io.switchboard.marathon.simulator;

import io.switchboard.marathon.simulator.Cluster.Offer;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Instances that wait for an offer, and those that wait before they may. */
final class LaunchQueue {

    private static final int INSTANCES_PER_OFFER = 5;

    private record Backoff(int failures, Instant until) {}

    private final Timeline timeline;
    private final Instances instances;
    private final Supplier<Tree> tree;
    private final Random random;
    private final Map<String, OfferBook> books = new HashMap<>();
    private final Map<String, Backoff> backoffs = new HashMap<>();
    private Optional<ArrayNode> dead = Optional.empty();

    LaunchQueue(Timeline timeline, Instances instances, Supplier<Tree> tree, Random random) {
        this.random = random;
        this.timeline = timeline;
        this.instances = instances;
        this.tree = tree;
    }

    /** A task of the run spec ended by itself: the next one waits longer than the last. */
    void failed(String runSpec, String configVersion, JsonNode spec, Runnable wakeUp) {
        Backoff before = backoffs.getOrDefault(runSpec + configVersion, new Backoff(0, Instant.EPOCH));
        double seconds = Math.min(
                spec.path("maxLaunchDelaySeconds").asDouble(300),
                spec.path("backoffSeconds").asDouble(1)
                        * Math.pow(spec.path("backoffFactor").asDouble(1.15), before.failures()));
        Duration delay = Duration.ofMillis(Math.round(seconds * 1000));
        backoffs.put(
                runSpec + configVersion,
                new Backoff(before.failures() + 1, timeline.now().plus(delay)));
        timeline.in(delay, wakeUp);
    }

    void resetDelay(String runSpec) {
        backoffs.keySet().removeIf(key -> key.equals(runSpec + tree.get().configVersion(runSpec)));
    }

    /** As after a restart of Marathon, which keeps none. */
    void forgetDelays() {
        backoffs.clear();
    }

    void forget(String runSpec) {
        books.remove(runSpec);
    }

    private Instant delayedUntil(String runSpec, String configVersion) {
        Backoff backoff = backoffs.get(runSpec + configVersion);
        return backoff == null ? Instant.EPOCH : backoff.until();
    }

    boolean isWaiting(String runSpec) {
        return instances.of(runSpec).stream().anyMatch(Instance::scheduled);
    }

    private List<String> waiting() {
        return instances.all().stream()
                .filter(Instance::scheduled)
                .sorted(Comparator.comparing(Instance::since))
                .map(Instance::runSpec)
                .distinct()
                .toList();
    }

    /** @param who which run specs may look at the offer */
    void match(Offer offer, Predicate<String> who) {
        if (dead.isPresent()) {
            return;
        }
        Offer left = offer;
        Set<Integer> taken = new HashSet<>(instances.portsInUse(offer.agent()));
        int launched = 0;
        for (String runSpec : waiting()) {
            Optional<ObjectNode> spec = tree.get().runSpec(runSpec);
            if (spec.isEmpty() || !who.test(runSpec)) {
                continue;
            }
            OfferBook book = books.computeIfAbsent(runSpec, key -> new OfferBook());
            for (Instance instance : instances.of(runSpec)) {
                if (!instance.scheduled()
                        || launched == INSTANCES_PER_OFFER
                        || delayedUntil(runSpec, instance.configVersion()).isAfter(timeline.now())) {
                    continue;
                }
                Optional<String> reason = Matching.declines(left, spec.get(), instances.agents(runSpec), taken);
                if (reason.isPresent()) {
                    book.unused(left, reason.get(), timeline.now());
                    break;
                }
                List<Integer> ports = Matching.ports(
                        left, spec.get(), taken, random.nextInt(left.ports().size()));
                taken.addAll(ports);
                left = new Offer(
                        left.id(),
                        left.agent(),
                        left.cpus() - spec.get().path("cpus").asDouble(),
                        left.memoryMib() - spec.get().path("mem").asDouble(),
                        left.diskMib() - spec.get().path("disk").asDouble(),
                        left.ports());
                launched++;
                launch(instance, offer, ports);
            }
        }
    }

    void launch(Instance instance, Offer offer, List<Integer> ports) {
        books.computeIfAbsent(instance.runSpec(), key -> new OfferBook()).used(offer, timeline.now());
        instances.launch(
                instance, tree.get().runSpec(instance.runSpec()).orElseGet(Json::object), offer.agent(), ports);
    }

    /** Launches nothing any more, and goes on showing what it showed last. */
    void die(Tree.View view) {
        dead = Optional.of(json(false, view));
    }

    ArrayNode json(boolean unusedOffers, Tree.View view) {
        if (dead.isPresent()) {
            return dead.get().deepCopy();
        }
        ArrayNode array = Json.array();
        for (String runSpec : waiting()) {
            Optional<ObjectNode> spec = tree.get().runSpec(runSpec);
            if (spec.isEmpty()) {
                continue;
            }
            List<Instance> scheduled =
                    instances.of(runSpec).stream().filter(Instance::scheduled).toList();
            ObjectNode entry = array.addObject().put("count", scheduled.size());
            entry.put("role", spec.get().path("role").asString("*"));
            Duration left = Duration.between(
                    timeline.now(), delayedUntil(runSpec, scheduled.getFirst().configVersion()));
            entry.putObject("delay")
                    .put("timeLeftSeconds", Math.max(0, left.toSeconds()))
                    .put("overdue", !left.isPositive());
            entry.put("since", Json.timestamp(scheduled.getFirst().since()));
            OfferBook book = books.getOrDefault(runSpec, new OfferBook());
            entry.set("processedOffersSummary", book.summary());
            if (unusedOffers) {
                entry.set("lastUnusedOffers", book.lastUnusedOffers());
            }
            boolean pod = tree.get().isPod(runSpec);
            entry.set(pod ? "pod" : "app", pod ? view.pod(spec.get()) : view.app(spec.get()));
        }
        return array;
    }
}
