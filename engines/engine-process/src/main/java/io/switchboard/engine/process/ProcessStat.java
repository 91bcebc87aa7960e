package io.switchboard.engine.process;

import java.util.Optional;

/**
 * A process as {@code /proc/<pid>/stat} shows it (proc(5)).
 *
 * @param cpuTicks used so far by it and by its children it has waited for
 * @param startTicks since boot
 */
record ProcessStat(long pid, char state, long session, long cpuTicks, long startTicks) {

    /** Empty if the text is not complete. */
    static Optional<ProcessStat> parse(String text) {
        // The program's name stands in parentheses and may hold any character, also parentheses and spaces.
        int open = text.indexOf('(');
        int close = text.lastIndexOf(')');
        if (open < 0 || close < open) {
            return Optional.empty();
        }
        String[] fields = text.substring(close + 1).strip().split(" ");
        if (fields.length < 20) {
            return Optional.empty();
        }
        long pid = Long.parseLong(text.substring(0, open).strip());
        long ticks = 0;
        for (int n = 11; n <= 14; n++) {
            ticks += Long.parseLong(fields[n]);
        }
        return Optional.of(new ProcessStat(
                pid, fields[0].charAt(0), Long.parseLong(fields[3]), ticks, Long.parseLong(fields[19])));
    }

    /** A zombie is only a memory: it ran to its end. */
    boolean runs() {
        return state != 'Z' && state != 'X';
    }
}
