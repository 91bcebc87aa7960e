package io.switchboard.capacity.demand;

/**
 * What a tenant seldom says and planning needs; each may be replaced.
 *
 * @param ivrSeconds mean time in the menu before a call queues or ends, 0 to 3,600
 * @param selfService share of calls that end in the menu, 0 to 1
 * @param patienceSeconds mean time a caller waits before giving up, 1 to 7,200
 * @param transcodedShare share of relayed calls whose two sides speak different codecs, 0 to 1
 * @param recordedShare share of talking calls that are recorded, 0 to 1
 * @param streamsPerRecording media streams a recorded call sends to the recorder, 1 or 2
 * @param videoShare share of talking calls with video, 0 to 1
 * @param chatSeconds mean length of a chat, 1 to 86,400
 * @param messagesPerSecond messages of both sides of a chat, a second, 0 to 10
 * @param variation spread of a half-hour's traffic from day to day, over its mean, 0 to 1
 * @param deviations how many standard deviations of the calls at once a plan carries above the mean, 0 to 6
 */
public record Assumptions(
        double ivrSeconds,
        double selfService,
        double patienceSeconds,
        double transcodedShare,
        double recordedShare,
        int streamsPerRecording,
        double videoShare,
        double chatSeconds,
        double messagesPerSecond,
        double variation,
        double deviations) {

    /**
     * Usual figures: menu 60 s with 30 % self-service, patience 120 s, every call recorded in two streams, no video, a
     * tenth transcoded, chats of ten minutes with a message every three seconds, 10 % from day to day, two deviations.
     */
    public static final Assumptions USUAL = new Assumptions(60, 0.3, 120, 0.1, 1, 2, 0, 600, 0.33, 0.1, 2);

    public Assumptions {
        within("ivrSeconds", ivrSeconds, 0, 3_600);
        within("selfService", selfService, 0, 1);
        within("patienceSeconds", patienceSeconds, 1, 7_200);
        within("transcodedShare", transcodedShare, 0, 1);
        within("recordedShare", recordedShare, 0, 1);
        within("streamsPerRecording", streamsPerRecording, 1, 2);
        within("videoShare", videoShare, 0, 1);
        within("chatSeconds", chatSeconds, 1, 86_400);
        within("messagesPerSecond", messagesPerSecond, 0, 10);
        within("variation", variation, 0, 1);
        within("deviations", deviations, 0, 6);
    }

    static void within(String name, double value, double least, double most) {
        if (!(value >= least) || !(value <= most)) {
            throw new IllegalArgumentException(name + " must be " + least + " to " + most + " but was " + value);
        }
    }
}
