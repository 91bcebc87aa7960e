package io.switchboard.request.notification;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.request.tenant.Visibility;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** All changes of the caller's orders and instances, as they happen. */
@RestController
class ChangesController {

    private static final int BATCH = 1000;

    private final Streams streams;
    private final Tail tail;

    ChangesController(Streams streams, Tail tail) {
        this.streams = streams;
        this.tail = tail;
    }

    /**
     * Events named {@code order} and {@code instance} with a {@link Change} as data. With {@code Last-Event-ID} it
     * begins after that event, otherwise with the next thing that happens. The stream ends with the caller's token.
     */
    @GetMapping(path = "/api/v1/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter events(@RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastId, Caller caller) {
        var visibility = Visibility.of(caller);
        var last = Optional.ofNullable(lastId).map(ChangesController::cursor);
        return streams.open(new AllChanges(visibility, last.orElse(null)), caller);
    }

    private static Cursor cursor(String id) {
        return Cursor.parse(id)
                .orElseThrow(() -> new Problem(
                        RequestProblem.INVALID_REQUEST, "Last-Event-ID must be the id of an event of this stream."));
    }

    private final class AllChanges implements Streams.Script {

        private final Visibility visibility;
        private @Nullable Cursor last;

        AllChanges(Visibility visibility, @Nullable Cursor last) {
            this.visibility = visibility;
            this.last = last;
        }

        @Override
        public boolean concerns(Change change) {
            return visibility.includes(change.tenant());
        }

        @Override
        public boolean replay(Streams.Sender sender) throws IOException {
            var from = last;
            while (from != null) {
                var found = tail.after(from, visibility.tenant().orElse(null), BATCH);
                for (var entry : found) {
                    send(entry.cursor().toString(), entry.change(), sender);
                }
                from = found.size() < BATCH ? null : last;
            }
            return true;
        }

        @Override
        public boolean send(String id, Change change, Streams.Sender sender) throws IOException {
            var cursor = cursor(id);
            if (last == null || cursor.compareTo(last) > 0) {
                sender.send(id, change.orderId() == null ? "instance" : "order", change);
                last = cursor;
            }
            return true;
        }
    }
}
