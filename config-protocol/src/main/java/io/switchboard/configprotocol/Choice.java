package io.switchboard.configprotocol;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which clients get a {@link Canary}. Center and clients come to the same answer, from what a client says about itself. */
public sealed interface Choice {

    /**
     * @param canary its id: another canary chooses other clients
     * @param client its name, see {@link ClientReport#client}
     * @param labels of the client
     */
    boolean includes(String canary, String client, Map<String, String> labels);

    /** @param names of clients, at least one */
    record Instances(SortedSet<String> names) implements Choice {

        public Instances {
            names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
            if (names.isEmpty()) {
                throw new IllegalArgumentException("instances must be at least one name");
            }
        }

        @Override
        public boolean includes(String canary, String client, Map<String, String> labels) {
            return names.contains(client);
        }
    }

    /** Clients that have this label. */
    record Label(String name, String value) implements Choice {

        @Override
        public boolean includes(String canary, String client, Map<String, String> labels) {
            return value.equals(labels.get(name));
        }
    }

    /**
     * About so many of a hundred clients, by a hash of the client's name: the same ones at each look, and all of them among
     * those of a larger share.
     *
     * @param percent 1 to 100
     */
    record Percent(int percent) implements Choice {

        public Percent {
            if (percent < 1 || percent > 100) {
                throw new IllegalArgumentException("percent must be 1 to 100 but was " + percent);
            }
        }

        @Override
        public boolean includes(String canary, String client, Map<String, String> labels) {
            byte[] hash = Frame.sha256((canary + "\n" + client).getBytes(StandardCharsets.UTF_8));
            return Integer.remainderUnsigned(ByteBuffer.wrap(hash).getInt(), 100) < percent;
        }
    }

    /** In the form that {@link #read} takes. */
    static void write(DataOutputStream out, Choice choice) throws IOException {
        if (choice instanceof Instances instances) {
            out.writeByte('I');
            out.writeInt(instances.names().size());
            for (String name : instances.names()) {
                Frame.writeText(out, name);
            }
        } else if (choice instanceof Label label) {
            out.writeByte('L');
            Frame.writeText(out, label.name());
            Frame.writeText(out, label.value());
        } else if (choice instanceof Percent share) {
            out.writeByte('P');
            out.writeInt(share.percent());
        }
    }

    /** @throws DamagedContent also for a kind of choice that this version does not know */
    static Choice read(ByteBuffer in) throws DamagedContent {
        int kind = in.get();
        return switch (kind) {
            case 'I' -> {
                SortedSet<String> names = new TreeSet<>();
                for (int left = in.getInt(); left > 0; left--) {
                    names.add(Frame.readText(in));
                }
                yield new Instances(names);
            }
            case 'L' -> new Label(Frame.readText(in), Frame.readText(in));
            case 'P' -> new Percent(in.getInt());
            default -> throw new DamagedContent("clients are chosen in a way that this client does not know");
        };
    }
}
