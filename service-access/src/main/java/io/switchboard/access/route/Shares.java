package io.switchboard.access.route;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Weights by which revisions get their shares of new sessions, exactly, whatever the number of their tasks.
 *
 * <p>The oldest revision that has ready tasks, and others that no share names, have the rest together. So a share ends with the
 * rollout that it was for: when the tasks of earlier revisions are gone, all go to those that are left. A revision without a
 * ready task leaves its share to the others in proportion.
 */
final class Shares {

    /** HAProxy's bound. */
    static final int HIGHEST_WEIGHT = 256;

    private Shares() {}

    /** Whether a share is in force, or will be as soon as its revision has a ready task. */
    static boolean apply(List<Policy.Share> shares, List<Endpoint> endpoints) {
        long oldest = oldest(endpoints);
        return shares.stream().anyMatch(share -> share.revision() > oldest);
    }

    /** These endpoints of one port with weights of 0 to 256 for the ready ones; all 0 if no share applies. */
    static List<Endpoint> weighted(List<Policy.Share> shares, List<Endpoint> endpoints) {
        var ready = endpoints.stream()
                .filter(Endpoint::ready)
                .sorted(Comparator.comparing(Endpoint::taskId))
                .toList();
        if (ready.isEmpty() || !apply(shares, ready)) {
            return endpoints.stream().map(endpoint -> endpoint.weighing(0)).toList();
        }
        Map<Endpoint, Integer> weights = weights(groups(shares, ready));
        return endpoints.stream()
                .map(endpoint -> endpoint.weighing(weights.getOrDefault(endpoint, 0)))
                .toList();
    }

    private static long oldest(List<Endpoint> endpoints) {
        return endpoints.stream()
                .filter(Endpoint::ready)
                .mapToLong(Endpoint::revision)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private record Group(int percent, List<Endpoint> endpoints) {}

    /** With the key 0 for the rest. */
    private static List<Group> groups(List<Policy.Share> shares, List<Endpoint> ready) {
        long oldest = oldest(ready);
        Map<Long, Integer> percents = new HashMap<>();
        shares.stream()
                .filter(share -> share.revision() > oldest)
                .forEach(share -> percents.put(share.revision(), share.percent()));
        int rest = 100 - percents.values().stream().mapToInt(each -> each).sum();
        Map<Long, List<Endpoint>> members = new TreeMap<>();
        ready.forEach(endpoint -> members.computeIfAbsent(
                        percents.containsKey(endpoint.revision()) ? endpoint.revision() : 0, none -> new ArrayList<>())
                .add(endpoint));
        List<Group> groups = new ArrayList<>();
        members.forEach((revision, endpoints) ->
                groups.add(new Group(revision == 0 ? rest : percents.getOrDefault(revision, 0), endpoints)));
        // To nobody is no share of anything: who is there serves.
        return groups.stream().allMatch(group -> group.percent() == 0) ? List.of(new Group(1, ready)) : groups;
    }

    /** A group's weights sum up to its percentage times a factor that is the same for all. */
    private static Map<Endpoint, Integer> weights(List<Group> groups) {
        int divisor = groups.stream().mapToInt(Group::percent).reduce(0, Shares::gcd);
        int most = Integer.MAX_VALUE;
        long even = 1;
        for (Group group : groups) {
            if (group.percent() > 0) {
                int percent = group.percent() / divisor;
                int size = group.endpoints().size();
                most = Math.min(most, HIGHEST_WEIGHT * size / percent);
                even = Math.min(Integer.MAX_VALUE, lcm(even, size / gcd(size, percent)));
            }
        }
        // The smallest by which all tasks of a group are alike, or else the one by which they differ least.
        int factor = even <= most ? (int) even : most;
        Map<Endpoint, Integer> weights = new HashMap<>();
        for (Group group : groups) {
            int sum = group.percent() / divisor * factor;
            int size = group.endpoints().size();
            for (int at = 0; at < size; at++) {
                weights.put(group.endpoints().get(at), sum / size + (at < sum % size ? 1 : 0));
            }
        }
        return weights;
    }

    private static int gcd(int one, int other) {
        return BigInteger.valueOf(one).gcd(BigInteger.valueOf(other)).intValue();
    }

    private static long lcm(long one, long other) {
        return one / BigInteger.valueOf(one).gcd(BigInteger.valueOf(other)).longValue() * other;
    }
}
