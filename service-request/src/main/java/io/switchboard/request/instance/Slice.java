package io.switchboard.request.instance;

import io.switchboard.contracts.ordering.Page;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The part of a newest-first list that a caller asks for. What is added meanwhile comes before it and moves nothing.
 *
 * @param before only what is older than this
 * @param limit 1 to 200
 */
public record Slice(UUID before, int limit) {

    private static final int MOST = 200;
    private static final int USUAL = 50;
    private static final UUID YOUNGEST = new UUID(-1, -1);
    /** Tells our cursors from other text of the same length, and lets their form change. */
    private static final byte FORM = 1;

    /**
     * @param cursor what an earlier page gave as {@code next}, if any
     * @param limit if absent, 50
     * @throws Problem {@link RequestProblem#INVALID_REQUEST}
     */
    public static Slice of(@Nullable String cursor, @Nullable Integer limit) {
        int size = RequestProblem.entries("limit", limit, USUAL, MOST);
        return new Slice(cursor == null ? YOUNGEST : decoded(cursor), size);
    }

    /** @param found one more than {@link #limit} where there is more, in order */
    public <T> Page<T> page(List<T> found, Function<T, UUID> id) {
        if (found.size() <= limit) {
            return new Page<>(found, Optional.empty());
        }
        var items = found.subList(0, limit);
        return new Page<>(items, Optional.of(encoded(id.apply(items.getLast()))));
    }

    private static String encoded(UUID id) {
        var bytes = ByteBuffer.allocate(17)
                .put(FORM)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    private static UUID decoded(String cursor) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException e) {
            throw RequestProblem.invalid("cursor", "must be the 'next' of an earlier page");
        }
        if (bytes.length != 17 || bytes[0] != FORM) {
            throw RequestProblem.invalid("cursor", "must be the 'next' of an earlier page");
        }
        var id = ByteBuffer.wrap(bytes, 1, 16);
        return new UUID(id.getLong(), id.getLong());
    }
}
