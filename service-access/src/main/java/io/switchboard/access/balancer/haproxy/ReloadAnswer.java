package io.switchboard.access.balancer.haproxy;

import java.util.stream.Collectors;

/**
 * What HAProxy's master says of a reload. From 2.7 on it answers once the new worker is there, or won't be, with its log; before
 * that it says nothing. The answer itself shows which of them it is.
 */
sealed interface ReloadAnswer {

    record Done() implements ReloadAnswer {}

    /** @param why what its log says */
    record Failed(String why) implements ReloadAnswer {}

    /** One has to look whether it comes about. */
    record Unsaid() implements ReloadAnswer {}

    static ReloadAnswer of(String answer) {
        return switch (answer.lines().findFirst().orElse("").strip()) {
            case "Success=1" -> new Done();
            case "Success=0" -> new Failed(why(answer));
            default -> new Unsaid();
        };
    }

    private static String why(String answer) {
        var log = answer.lines().dropWhile(line -> !line.equals("--")).skip(1).toList();
        var alerts = log.stream().filter(line -> line.startsWith("[ALERT]")).collect(Collectors.joining("; "));
        return alerts.isEmpty() ? String.join("; ", log) : alerts;
    }
}
