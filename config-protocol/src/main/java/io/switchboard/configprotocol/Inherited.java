package io.switchboard.configprotocol;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The release of another namespace as a release inherits it.
 *
 * @param path of the other namespace
 * @param number of its release
 * @param items its own
 * @param dataKeys those that its encrypted items are sealed with, sealed for an access key of the application that inherits them
 */
public record Inherited(NamespacePath path, long number, Items items, List<Sealed> dataKeys) {

    public Inherited {
        dataKeys = List.copyOf(dataKeys);
    }

    void write(DataOutputStream out) throws IOException {
        Frame.writeText(out, path.toString());
        out.writeLong(number);
        Frame.writeBytes(out, items.encode());
        out.writeInt(dataKeys.size());
        for (Sealed dataKey : dataKeys) {
            dataKey.write(out);
        }
    }

    static Inherited read(ByteBuffer in) throws DamagedContent {
        NamespacePath path = NamespacePath.parse(Frame.readText(in));
        long number = in.getLong();
        Items items = Items.read(Frame.readPart(in));
        List<Sealed> dataKeys = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            dataKeys.add(Sealed.read(in));
        }
        return new Inherited(path, number, items, dataKeys);
    }

    /** What tells it from others in {@link Release#pointer}. */
    String line() {
        return path + " " + number + " " + items.hash();
    }
}
