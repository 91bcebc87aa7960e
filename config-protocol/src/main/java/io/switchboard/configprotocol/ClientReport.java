package io.switchboard.configprotocol;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a client says about itself.
 *
 * @param client its task id, or host and process id
 * @param release the number it runs with; 0 if it has none
 * @param since when it took that over, to the millisecond
 * @param problem why it could not take over a later one, at most 1,000 characters, without any value
 * @param build the node of its {@link ApplicationMetadata}; empty if it left none
 * @param trials what else there is to know while a canary is tried; empty for a client that takes no canaries
 */
public record ClientReport(
        String client,
        long release,
        Instant since,
        Optional<String> problem,
        Optional<String> build,
        Optional<Trials> trials) {

    private static final String KIND = "SBCL";
    private static final int VERSION = 1;
    private static final int LONGEST_PROBLEM = 1_000;
    private static final long NONE = 0;

    /** How an application is; {@code UNKNOWN} if nobody asks or it can't tell. */
    public enum Health {
        UNKNOWN,
        UP,
        DOWN
    }

    /**
     * Of a client that takes canaries.
     *
     * @param labels by which it may be chosen
     * @param refused the release that it could not take over; empty if there is none
     * @param health while it runs a canary
     */
    public record Trials(SortedMap<String, String> labels, OptionalLong refused, Health health) {

        /** What a client may say about itself. */
        public static final int MOST_LABELS = 20;

        public static final int LONGEST_LABEL = 100;

        public Trials {
            labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        }

        /** @throws IllegalArgumentException if they are too many or too long */
        public static void checkLabels(Map<String, String> labels) {
            boolean tooLong = labels.entrySet().stream()
                    .anyMatch(label -> label.getKey().length() > LONGEST_LABEL
                            || label.getValue().length() > LONGEST_LABEL);
            if (labels.size() > MOST_LABELS || tooLong) {
                throw new IllegalArgumentException("labels must be at most " + MOST_LABELS
                        + ", names and values at most " + LONGEST_LABEL + " characters");
            }
        }
    }

    public ClientReport {
        since = Instant.ofEpochMilli(since.toEpochMilli());
        problem = problem.map(text -> text.substring(0, Math.min(text.length(), LONGEST_PROBLEM)));
    }

    /** Of a client that takes no canaries. */
    public ClientReport(String client, long release, Instant since, Optional<String> problem, Optional<String> build) {
        this(client, release, since, problem, build, Optional.empty());
    }

    /** Of a client that takes no canaries and left no metadata. */
    public ClientReport(String client, long release, Instant since, Optional<String> problem) {
        this(client, release, since, problem, Optional.empty());
    }

    /** Whether the canary is for this client; never for one that takes none. */
    public boolean isChosenBy(Canary canary) {
        return trials.filter(known -> canary.isFor(client, known.labels())).isPresent();
    }

    public byte[] encode() {
        return Frame.write(KIND, VERSION, out -> {
            Frame.writeText(out, client);
            out.writeLong(release);
            out.writeLong(since.toEpochMilli());
            out.writeBoolean(problem.isPresent());
            Frame.writeText(out, problem.orElse(""));
            if (build.isPresent() || trials.isPresent()) {
                Frame.writeText(out, build.orElse(""));
            }
            if (trials.isPresent()) {
                out.writeLong(trials.get().refused().orElse(NONE));
                out.writeByte(trials.get().health().ordinal());
                out.writeInt(trials.get().labels().size());
                for (Map.Entry<String, String> label : trials.get().labels().entrySet()) {
                    Frame.writeText(out, label.getKey());
                    Frame.writeText(out, label.getValue());
                }
            }
        });
    }

    public static ClientReport decode(byte[] encoded) throws DamagedContent {
        return Frame.read(KIND, VERSION, encoded, in -> {
            String client = Frame.readText(in);
            long release = in.getLong();
            Instant since = Instant.ofEpochMilli(in.getLong());
            boolean hasProblem = Frame.readBoolean(in);
            String problem = Frame.readText(in);
            Optional<String> build = in.hasRemaining()
                    ? Optional.of(Frame.readText(in)).filter(name -> !name.isEmpty())
                    : Optional.empty();
            Optional<Trials> trials = in.hasRemaining() ? Optional.of(trials(in)) : Optional.empty();
            return new ClientReport(
                    client, release, since, hasProblem ? Optional.of(problem) : Optional.empty(), build, trials);
        });
    }

    private static Trials trials(ByteBuffer in) throws DamagedContent {
        long refused = in.getLong();
        int health = Byte.toUnsignedInt(in.get());
        SortedMap<String, String> labels = new TreeMap<>();
        for (int left = in.getInt(); left > 0; left--) {
            labels.put(Frame.readText(in), Frame.readText(in));
        }
        return new Trials(
                labels,
                refused == NONE ? OptionalLong.empty() : OptionalLong.of(refused),
                health < Health.values().length ? Health.values()[health] : Health.UNKNOWN);
    }
}
