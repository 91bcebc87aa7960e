package io.switchboard.configprotocol;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What one build of an application takes from its configuration. The application leaves it in ZooKeeper once per build, so that
 * drafts can be checked against it before anything is released.
 *
 * @param version of the application, as its build names it
 * @param groups prefixes under which it knows all properties, ordered
 * @param properties ordered by name
 * @param elsewhere names, never values, that its process finds outside the config center: references may lead there
 */
public record ApplicationMetadata(
        String version, List<String> groups, List<KnownProperty> properties, List<String> elsewhere) {

    /** What {@link #encode} may give at most: it lies in one node. */
    public static final int LARGEST = 512 * 1024;

    private static final String KIND = "SBMD";
    private static final int VERSION = 1;
    private static final int LARGEST_PLAIN = 4 * 1024 * 1024;

    public ApplicationMetadata {
        groups = List.copyOf(groups);
        properties = List.copyOf(properties);
        elsewhere = List.copyOf(elsewhere);
    }

    /** Compressed; may be larger than {@link #LARGEST}. */
    public byte[] encode() {
        return Frame.write(KIND, VERSION, out -> Frame.writePacked(out, Frame.bytes(this::write)));
    }

    public static ApplicationMetadata decode(byte[] encoded) throws DamagedContent {
        return Frame.read(KIND, VERSION, encoded, in -> read(Frame.readPacked(in, LARGEST_PLAIN)));
    }

    private void write(DataOutputStream out) throws IOException {
        Frame.writeText(out, version);
        writeTexts(out, groups);
        writeTexts(out, elsewhere);
        out.writeInt(properties.size());
        for (KnownProperty property : properties) {
            write(out, property);
        }
    }

    private static ApplicationMetadata read(ByteBuffer in) throws DamagedContent {
        String version = Frame.readText(in);
        List<String> groups = readTexts(in);
        List<String> elsewhere = readTexts(in);
        List<KnownProperty> properties = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            properties.add(readProperty(in));
        }
        return new ApplicationMetadata(version, groups, properties, elsewhere);
    }

    private static void write(DataOutputStream out, KnownProperty property) throws IOException {
        Frame.writeText(out, property.name());
        Frame.writeText(out, property.type());
        Frame.writeText(out, property.description());
        writeTexts(out, property.defaultValue().map(List::of).orElse(List.of()));
        out.writeBoolean(property.deprecation().isPresent());
        if (property.deprecation().isPresent()) {
            KnownProperty.Deprecation deprecation = property.deprecation().get();
            Frame.writeText(out, deprecation.reason());
            Frame.writeText(out, deprecation.replacement());
            out.writeBoolean(deprecation.ended());
        }
        writeTexts(out, property.values());
        out.writeInt(property.constraints().size());
        for (Constraint constraint : property.constraints()) {
            Frame.writeText(out, constraint.kind().name());
            Frame.writeText(out, constraint.bound());
        }
    }

    private static KnownProperty readProperty(ByteBuffer in) throws DamagedContent {
        return new KnownProperty(
                Frame.readText(in),
                Frame.readText(in),
                Frame.readText(in),
                readTexts(in).stream().findFirst(),
                Frame.readBoolean(in)
                        ? Optional.of(new KnownProperty.Deprecation(
                                Frame.readText(in), Frame.readText(in), Frame.readBoolean(in)))
                        : Optional.empty(),
                readTexts(in),
                readConstraints(in));
    }

    private static List<Constraint> readConstraints(ByteBuffer in) throws DamagedContent {
        List<Constraint> constraints = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            constraints.add(new Constraint(Constraint.Kind.valueOf(Frame.readText(in)), Frame.readText(in)));
        }
        return constraints;
    }

    private static void writeTexts(DataOutputStream out, Collection<String> texts) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            Frame.writeText(out, text);
        }
    }

    private static List<String> readTexts(ByteBuffer in) throws DamagedContent {
        List<String> texts = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            texts.add(Frame.readText(in));
        }
        return texts;
    }
}
