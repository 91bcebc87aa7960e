package io.switchboard.fakes;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.scheduling.SchedulerApi.TaskView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Each task has written two lines; a test writes more. */
@RestController
public class FakeLogs {

    private final World world;
    private final Map<String, List<String>> written = new HashMap<>();
    private final List<BiConsumer<String, @Nullable String>> followers = new CopyOnWriteArrayList<>();

    FakeLogs(World world) {
        this.world = world;
    }

    record Line(String taskId, String line) {}

    synchronized List<String> of(String task) {
        return List.copyOf(lines(task));
    }

    private List<String> lines(String task) {
        return written.computeIfAbsent(
                task, name -> new ArrayList<>(List.of("listening on port 8080", "agent <ann> logged in")));
    }

    /** Has a task write a line. */
    public synchronized void write(String task, String line) {
        lines(task).add(line);
        followers.forEach(follower -> follower.accept(task, line));
    }

    /** Has all who follow a task be told that it has ended. */
    public synchronized void end(String task) {
        followers.forEach(follower -> follower.accept(task, null));
    }

    @GetMapping(path = "/api/v1/deployments/{id}/log/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    synchronized SseEmitter follow(
            @PathVariable UUID id, @RequestParam(required = false) @Nullable String task, Caller caller) {
        List<String> tasks = world.deployment(id, caller).tasks().stream()
                .map(TaskView::id)
                .filter(one -> task == null || task.equals(one))
                .toList();
        SseEmitter emitter = new SseEmitter(0L);
        BiConsumer<String, @Nullable String> follower = (from, line) -> {
            if (tasks.contains(from) && line != null) {
                send(emitter, "line", new Line(from, line));
            } else if (from.equals(task)) {
                send(emitter, "end", Map.of("message", "Task " + task + " has ended."));
                emitter.complete();
            }
        };
        tasks.forEach(one -> lines(one).forEach(line -> send(emitter, "line", new Line(one, line))));
        followers.add(follower);
        emitter.onCompletion(() -> followers.remove(follower));
        return emitter;
    }

    private static void send(SseEmitter emitter, String name, Object data) {
        try {
            emitter.send(SseEmitter.event().name(name).data(data));
        } catch (IOException | IllegalStateException gone) {
            emitter.complete();
        }
    }
}
