package io.switchboard.access.route;

/** What names of ports and their numbers may be: both become settings and commands of the balancer. */
final class ListeningPort {

    private ListeningPort() {}

    /** @throws IllegalArgumentException if it is no printable name without blanks, of 1 to 63 characters */
    static void checkName(String port) {
        if (!port.matches("[!-~]{1,63}")) {
            throw new IllegalArgumentException("port must be printable, without blanks");
        }
    }

    /** @throws IllegalArgumentException if it isn't 1 to 65535 */
    static void checkNumber(int number) {
        if (number < 1 || number > 65_535) {
            throw new IllegalArgumentException("number must be 1 to 65535 but was " + number);
        }
    }
}
