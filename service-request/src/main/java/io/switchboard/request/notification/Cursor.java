package io.switchboard.request.notification;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a change stands in the feed of all changes; the id of its server-sent event.
 *
 * @param transaction the database's number of the transaction that wrote it
 * @param position among that transaction's changes
 */
record Cursor(long transaction, long position) implements Comparable<Cursor> {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");

    static Optional<Cursor> parse(String id) {
        var matcher = FORM.matcher(id);
        return matcher.matches()
                ? Optional.of(new Cursor(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public int compareTo(Cursor other) {
        int order = Long.compare(transaction, other.transaction);
        return order == 0 ? Long.compare(position, other.position) : order;
    }

    @Override
    public String toString() {
        return transaction + "-" + position;
    }
}
