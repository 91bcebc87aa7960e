package io.switchboard.engine.docker;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;

/** Says in words how a container ended. */
final class ContainerEnd {

    private ContainerEnd() {}

    static String of(ContainerState state, int memoryMib) {
        if (Boolean.TRUE.equals(state.getOOMKilled())) {
            return "was killed because it used more than its " + memoryMib + " MiB of memory";
        }
        Long code = state.getExitCodeLong();
        String error = state.getError();
        return "exited with code " + code + (error == null || error.isBlank() ? "" : ": " + error.strip());
    }
}
