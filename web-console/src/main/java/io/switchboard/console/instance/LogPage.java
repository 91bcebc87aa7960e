package io.switchboard.console.instance;

import io.switchboard.contracts.ordering.InstanceView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What tasks wrote last.
 *
 * @param task whose log it is; null for all tasks of the instance
 * @param lines oldest first, of all tasks one task after another
 */
record LogPage(InstanceView instance, @Nullable String task, List<Line> lines) {

    record Line(String taskId, String text) {}
}
