package io.switchboard.marathon.simulator;

import java.util.Map;
import java.util.function.Consumer;

/** What the tasks of a simulated Mesos are made of. */
public interface Programs {

    /**
     * Starts a task's program.
     *
     * @param task what it runs
     * @param ended to be told once it ended by itself or was ended; from any thread, also before this returns
     */
    Program start(Task task, Consumer<Ending> ended);

    /**
     * @param app its app's id
     * @param command what the shell is to run; empty where an image runs what it holds
     * @param image empty if there is none
     * @param environment with everything Marathon adds
     * @param memoryMib the most it should use
     */
    record Task(String id, String app, String command, String image, Map<String, String> environment, int memoryMib) {

        public Task {
            environment = Map.copyOf(environment);
        }

        @Override
        public String toString() {
            return "Task[" + id + " " + image + "]";
        }
    }

    /**
     * @param state {@code TASK_FINISHED}, {@code TASK_FAILED} or {@code TASK_KILLED}
     * @param message in Mesos' words
     */
    record Ending(String state, String message) {

        /** As Mesos words an exit. */
        public static Ending exited(int code) {
            return code == 0
                    ? new Ending("TASK_FINISHED", "Command exited with status 0")
                    : new Ending("TASK_FAILED", "Command exited with status " + code);
        }

        public static Ending signalled(String signal) {
            return new Ending("TASK_KILLED", "Command terminated with signal " + signal);
        }
    }

    /** A running one. */
    interface Program {

        /** SIGTERM. */
        void terminate();

        /** SIGKILL. */
        void kill();

        /**
         * Asks it over HTTP.
         *
         * @param port one of its host ports
         * @param path empty to connect only
         * @param status to be told the answer's status, 200 for a mere connection, 0 for none; from any thread
         */
        void ask(int port, String path, Consumer<Integer> status);
    }
}
