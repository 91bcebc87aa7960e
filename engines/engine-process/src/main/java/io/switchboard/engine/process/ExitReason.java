package io.switchboard.engine.process;

/** Says in words how a process ended. */
final class ExitReason {

    static final String UNKNOWN = "ended; its exit code is unknown because the platform was restarted meanwhile";

    private ExitReason() {}

    /** @param code as Java reports it: 128 and the number for a signal */
    static String of(int code) {
        return switch (code) {
            case 126, 127 -> "exited with code " + code + ": the program can't be found or run";
            case 137 -> "was killed (SIGKILL)";
            case 143 -> "exited with code 143 (SIGTERM)";
            default -> code > 128 && code < 160 ? "was ended by signal " + (code - 128) : "exited with code " + code;
        };
    }
}
