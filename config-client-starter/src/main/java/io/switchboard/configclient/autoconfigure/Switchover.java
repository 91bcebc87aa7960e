package io.switchboard.configclient.autoconfigure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/** Many writes, all or none. All that can be found out before is found out while it is planned. */
final class Switchover {

    private static final Log log = LogFactory.getLog(Switchover.class);

    private record Step(Runnable write, Runnable takeBack) {}

    private final List<Step> steps = new ArrayList<>();

    /** @param takeBack undoes the write, also one that failed half-way */
    void plan(Runnable write, Runnable takeBack) {
        steps.add(new Step(write, takeBack));
    }

    /** Carries the plan out. When a step fails, those before it and itself are taken back, the last one first. */
    void run() {
        for (int step = 0; step < steps.size(); step++) {
            try {
                steps.get(step).write().run();
            } catch (RuntimeException | LinkageError | StackOverflowError e) {
                takeBack(lastFirst(steps.subList(0, step + 1)));
                throw e;
            }
        }
    }

    private static List<Step> lastFirst(List<Step> written) {
        List<Step> reversed = new ArrayList<>(written);
        Collections.reverse(reversed);
        return reversed;
    }

    private static void takeBack(List<Step> written) {
        for (Step step : written) {
            try {
                step.takeBack().run();
            } catch (RuntimeException | LinkageError | StackOverflowError e) {
                // Its message may repeat a value.
                log.error("A property keeps a value of a release that was refused: "
                        + e.getClass().getName());
            }
        }
    }
}
