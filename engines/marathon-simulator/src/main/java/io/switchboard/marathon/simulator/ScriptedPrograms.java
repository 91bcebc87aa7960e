package io.switchboard.marathon.simulator;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Programs that are values: they do what a test says, in the simulator's time. */
public final class ScriptedPrograms implements Programs {

    /**
     * @param exitsAfter empty if it runs until it is ended
     * @param readyAfter from when it answers 200
     * @param stopTakes from SIGTERM to its end; the kill grace may be shorter
     */
    public record Behaviour(Optional<Duration> exitsAfter, int exitCode, Duration readyAfter, Duration stopTakes) {

        /** Runs, is ready at once, ends soon after it is told. */
        public static final Behaviour PLAIN = new Behaviour(Optional.empty(), 0, Duration.ZERO, Duration.ofMillis(20));

        public static Behaviour exits(Duration after, int code) {
            return new Behaviour(Optional.of(after), code, Duration.ZERO, PLAIN.stopTakes());
        }

        public Behaviour stopping(Duration takes) {
            return new Behaviour(exitsAfter, exitCode, readyAfter, takes);
        }

        public Behaviour readyAfter(Duration delay) {
            return new Behaviour(exitsAfter, exitCode, delay, stopTakes);
        }
    }

    private final Function<Task, Behaviour> behaviours;
    private final Map<String, Scripted> running = new HashMap<>();
    private Optional<Timeline> timeline = Optional.empty();

    public ScriptedPrograms() {
        this(task -> Behaviour.PLAIN);
    }

    public ScriptedPrograms(Function<Task, Behaviour> behaviours) {
        this.behaviours = behaviours;
    }

    void in(Timeline time) {
        timeline = Optional.of(time);
    }

    @Override
    public Program start(Task task, Consumer<Ending> ended) {
        Scripted program = new Scripted(task.id(), behaviours.apply(task), timeline.orElseThrow(), ended);
        running.put(task.id(), program);
        return program;
    }

    /** The task ends by itself. */
    void exit(String taskId, int code) {
        Scripted program = running.get(taskId);
        if (program != null) {
            program.end(Ending.exited(code));
        }
    }

    /** What the task answers to health checks from now on. */
    void answers(String taskId, int status) {
        Scripted program = running.get(taskId);
        if (program != null) {
            program.status = status;
        }
    }

    private final class Scripted implements Program {
        private final String id;
        private final Behaviour behaviour;
        private final Timeline time;
        private final Consumer<Ending> ended;
        private int status = 503;
        private boolean over;

        private Scripted(String id, Behaviour behaviour, Timeline time, Consumer<Ending> ended) {
            this.id = id;
            this.behaviour = behaviour;
            this.time = time;
            this.ended = ended;
            if (behaviour.readyAfter().isZero()) {
                status = 200;
            } else {
                time.in(behaviour.readyAfter(), () -> status = 200);
            }
            behaviour.exitsAfter().ifPresent(delay -> time.in(delay, () -> end(Ending.exited(behaviour.exitCode()))));
        }

        private void end(Ending ending) {
            if (!over) {
                over = true;
                running.remove(id);
                ended.accept(ending);
            }
        }

        @Override
        public void terminate() {
            time.in(behaviour.stopTakes(), () -> end(Ending.signalled("Terminated")));
        }

        @Override
        public void kill() {
            end(Ending.signalled("Killed"));
        }

        @Override
        public void ask(int port, String path, Consumer<Integer> answer) {
            answer.accept(over ? 0 : status);
        }
    }
}
