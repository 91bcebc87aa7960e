package io.switchboard.configprotocol;

import java.time.Instant;
import java.util.Optional;

/**
 * What a client says about itself.
 *
 * @param client its task id, or host and process id
 * @param release the number it runs with; 0 if it has none
 * @param since when it took that over, to the millisecond
 * @param problem why it could not take over a later one, at most 1,000 characters, without any value
 * @param build the node of its {@link ApplicationMetadata}; empty if it left none
 */
public record ClientReport(
        String client, long release, Instant since, Optional<String> problem, Optional<String> build) {

    private static final String KIND = "SBCL";
    private static final int VERSION = 1;
    private static final int LONGEST_PROBLEM = 1_000;

    public ClientReport {
        since = Instant.ofEpochMilli(since.toEpochMilli());
        problem = problem.map(text -> text.substring(0, Math.min(text.length(), LONGEST_PROBLEM)));
    }

    /** Of a client that left no metadata. */
    public ClientReport(String client, long release, Instant since, Optional<String> problem) {
        this(client, release, since, problem, Optional.empty());
    }

    public byte[] encode() {
        return Frame.write(KIND, VERSION, out -> {
            Frame.writeText(out, client);
            out.writeLong(release);
            out.writeLong(since.toEpochMilli());
            out.writeBoolean(problem.isPresent());
            Frame.writeText(out, problem.orElse(""));
            if (build.isPresent()) {
                Frame.writeText(out, build.get());
            }
        });
    }

    public static ClientReport decode(byte[] encoded) throws DamagedContent {
        return Frame.read(KIND, VERSION, encoded, in -> {
            String client = Frame.readText(in);
            long release = in.readLong();
            Instant since = Instant.ofEpochMilli(in.readLong());
            boolean hasProblem = in.readBoolean();
            String problem = Frame.readText(in);
            return new ClientReport(
                    client,
                    release,
                    since,
                    hasProblem ? Optional.of(problem) : Optional.empty(),
                    in.available() == 0 ? Optional.empty() : Optional.of(Frame.readText(in)));
        });
    }
}
