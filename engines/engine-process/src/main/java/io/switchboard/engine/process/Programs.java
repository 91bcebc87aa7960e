package io.switchboard.engine.process;

import io.switchboard.engine.Workload;
import io.switchboard.engine.supervision.ImageReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which program stands for an image: tags, digests and registries make no difference. */
final class Programs {

    private final Map<String, List<String>> commands;

    Programs(Map<String, List<String>> commands) {
        this.commands = commands;
    }

    Optional<List<String>> command(Workload workload) {
        ImageReference image = ImageReference.of(workload.image());
        List<String> command = commands.getOrDefault(image.name(), commands.get(image.repository()));
        return Optional.ofNullable(command)
                .map(words -> words.stream()
                        .map(word -> word.replace("${memoryMib}", Integer.toString(workload.memoryMib()))
                                .replace("${cpuMillis}", Integer.toString(workload.cpuMillis())))
                        .toList());
    }

    String known() {
        return commands.isEmpty()
                ? "none"
                : String.join(", ", commands.keySet().stream().sorted().toList());
    }
}
