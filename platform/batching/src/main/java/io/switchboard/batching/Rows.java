package io.switchboard.batching;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Many rows as one statement's parameters: each column is an array of text, which the statement turns into its own type
 * with {@code unnest(?::uuid[], ?::int[], …)}. One statement for all rows costs one parse, one bind and one answer.
 */
public record Rows<T>(List<T> rows) {

    public Rows {
        rows = List.copyOf(rows);
    }

    /** A column by itself, as {@link #column} gives it: {@code where id = any (?::uuid[])}. */
    public static Object values(Collection<?> values) {
        return new Rows<>(List.<Object>copyOf(values)).column(value -> value);
    }

    /**
     * The column's values in the rows' order; instants, numbers, enums and ids in the form PostgreSQL reads.
     *
     * @return an array; as an object, because alone among variable arguments an array would be taken for all of them
     */
    public Object column(Function<T, @Nullable Object> value) {
        return rows.stream()
                .map(value)
                .map(cell -> cell == null ? null : cell.toString())
                .toArray(String[]::new);
    }
}
