package io.switchboard.capacity.demand;

/**
 * What a call center expects, in its own words.
 *
 * @param agents people logged in at once in the busiest half-hour, 1 to 100,000
 * @param callsPerHour calls offered in the busiest half-hour, as a rate per hour, 0 to 10,000,000
 * @param handlingSeconds talk and wrap-up of a call, 1 to 86,400
 * @param chatsPerHour chats offered likewise, 0 to 10,000,000
 * @param shape how both spread over a day or a week; agents follow the calls, at least one
 * @param assumptions what was not said
 */
public record LoadProfile(
        int agents,
        double callsPerHour,
        double handlingSeconds,
        double chatsPerHour,
        DayShape shape,
        Assumptions assumptions) {

    public LoadProfile {
        Assumptions.within("agents", agents, 1, 100_000);
        Assumptions.within("callsPerHour", callsPerHour, 0, 10_000_000);
        Assumptions.within("handlingSeconds", handlingSeconds, 1, 86_400);
        Assumptions.within("chatsPerHour", chatsPerHour, 0, 10_000_000);
    }

    /** What a service that is ordered by itself is asked for: the same traffic all day, and nothing else said. */
    public static LoadProfile busiest(int agents, double callsPerHour, double handlingSeconds) {
        return new LoadProfile(agents, callsPerHour, handlingSeconds, 0, DayShape.FLAT, Assumptions.USUAL);
    }

    /** The same with a share of its calls and chats; as many agents. */
    public LoadProfile times(double factor) {
        return new LoadProfile(
                agents, callsPerHour * factor, handlingSeconds, chatsPerHour * factor, shape, assumptions);
    }

    /** The same with another number of calls. */
    LoadProfile with(double calls) {
        return new LoadProfile(agents, calls, handlingSeconds, chatsPerHour, shape, assumptions);
    }
}
