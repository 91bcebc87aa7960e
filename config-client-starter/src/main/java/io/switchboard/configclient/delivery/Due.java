package io.switchboard.configclient.delivery;

import io.switchboard.configclient.delivery.Center.Reading;
import io.switchboard.configprotocol.Canary;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.NamespacePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a look leaves to do, before anything of it is fetched.
 *
 * @param inEffect to be taken over together: releases in effect that don't run
 * @param given to be taken over after that: canaries for this client that don't run
 * @param promoted to be kept: canaries that came into effect while they ran
 * @param refused to be left, though it doesn't run: the application has refused it, and nothing comes with it that may make it fit
 */
record Due(List<One> inEffect, List<One> given, List<One> promoted, List<One> refused) {

    /** @param subject what is told about it in the log is about this */
    record One(NamespacePath path, Current release, Object subject) {}

    static Due of(Center.Look look, Canaries canaries, Running running) {
        List<One> inEffect = new ArrayList<>();
        List<One> given = new ArrayList<>();
        List<One> promoted = new ArrayList<>();
        look.readings().forEach((path, reading) -> {
            if (reading instanceof Reading.There there) {
                Current current = there.current();
                Optional<Canary> canary = canaries.given(there);
                boolean runsCurrent = running.isAt(path, current.pointer());
                boolean runsCanary =
                        canary.filter(one -> running.isAt(path, one.pointer())).isPresent();
                // Also with a canary, which may be refused.
                if (!runsCurrent && !runsCanary && current.pointer().number() > 0) {
                    inEffect.add(new One(path, current, path));
                }
                if (canary.isPresent() && !runsCanary) {
                    Canary one = canary.get();
                    given.add(new One(path, new Current(one.pointer(), one.release()), one.pointer()));
                }
                if (canary.isEmpty() && runsCurrent && canaries.hasRun(path)) {
                    promoted.add(new One(path, current, path));
                }
            }
        });
        List<One> refused = new ArrayList<>();
        leaveIfRefused(inEffect, refused, running);
        leaveIfRefused(given, refused, running);
        return new Due(inEffect, given, promoted, refused);
    }

    private static void leaveIfRefused(List<One> together, List<One> refused, Running running) {
        if (!together.isEmpty()
                && together.stream()
                        .allMatch(one ->
                                running.hasRefused(one.path(), one.release().pointer()))) {
            refused.addAll(together);
            together.clear();
        }
    }

    /** Whether some of it is too large to come with its pointer. */
    boolean hasToBeFetched() {
        return hasToBeFetched(inEffect) || hasToBeFetched(given) || hasToBeFetched(promoted);
    }

    private static boolean hasToBeFetched(List<One> some) {
        for (One one : some) {
            if (one.release().release().isEmpty()) {
                return true;
            }
        }
        return false;
    }
}
