package io.switchboard.capacity.traffic;

import java.util.ArrayList;

/**
 * The service level of Erlang A by small steps in time, as the printed reference values were computed: at most one
 * departure a step, so each value is a little low, and twice as many steps halve what is missing.
 */
final class SteppedChain {

    private SteppedChain() {}

    static double serviceLevel(ErlangA system, double within, int steps) {
        int agents = system.agents();
        double arrivals = system.erlangs() / system.handlingSeconds();
        double service = agents / system.handlingSeconds();
        double giveUp = 1 / system.patienceSeconds();
        double busy = system.queue().waiting();
        double level = 1 - busy;
        // The state probabilities with j waiting, from "all busy" upwards.
        double state = 1;
        double sum = 0;
        var states = new ArrayList<Double>();
        for (int waiting = 0; waiting < agents || state > 1e-16 * sum; waiting++) {
            states.add(state);
            sum += state;
            state *= arrivals / (service + (waiting + 1) * giveUp);
        }
        for (int waiting = 0; waiting < states.size(); waiting++) {
            double probability = busy * states.get(waiting) / sum;
            if (probability > 1e-15) {
                level += probability * answered(waiting, service, giveUp, within / steps, steps);
            }
        }
        return level;
    }

    private static double answered(int ahead, double service, double giveUp, double step, int steps) {
        var at = new double[ahead + 1];
        at[ahead] = 1;
        double done = 0;
        for (int number = 0; number < steps; number++) {
            // Downwards in place would move twice in one step: upwards, so that each moves once.
            for (int left = 0; left <= ahead; left++) {
                double rate = service + left * giveUp;
                double all = rate + giveUp;
                double leave = at[left] * -Math.expm1(-all * step);
                at[left] -= leave;
                if (left == 0) {
                    done += leave * rate / all;
                } else {
                    at[left - 1] += leave * rate / all;
                }
            }
        }
        return done;
    }
}
