package io.switchboard.contracts.scheduling;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.util.List;
import java.util.Optional;

/**
 * What one task of a service type does, in kinds of work that have fitted consumption models: with these a load profile
 * becomes tasks.
 *
 * @param work kinds of work that each task does beside one another
 * @param base what a task takes whatever it does, beyond what the models know: the virtual machine of its image, say
 * @param maxCallsPerTask calls at once that a task gets at most, at least 1, also where more were measured
 * @param source where the figures of this record come from; each model knows its own source
 */
public record Consumption(
        // Absent in messages of versions that sent coefficients instead.
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<@Valid Work> work,
        Optional<Base> base,
        int maxCallsPerTask,
        String source) {

    public Consumption {
        work = List.copyOf(work);
        if (maxCallsPerTask < 1) {
            throw new IllegalArgumentException("maxCallsPerTask must be at least 1 but was " + maxCallsPerTask);
        }
    }

    /**
     * A kind of work, named as in the models: {@code GET /api/v1/capacity/models}.
     *
     * @param perCall how many of the models' calls one call of the load profile is, more than 0: two for a recorder that
     *     gets each side of a call as a stream of its own
     */
    public record Work(@NotBlank String service, @NotBlank String mode, double perCall) {

        public Work {
            if (!(perCall > 0) || Double.isInfinite(perCall)) {
                throw new IllegalArgumentException("perCall must be greater than 0 but was " + perCall);
            }
        }
    }

    /**
     * @param cpuMillis thousandths of a core, 0 or more
     * @param memoryMib mebibytes, 0 or more
     */
    public record Base(int cpuMillis, int memoryMib) {

        public Base {
            if (cpuMillis < 0 || memoryMib < 0) {
                throw new IllegalArgumentException(
                        "cpuMillis and memoryMib must not be negative but were " + cpuMillis + ", " + memoryMib);
            }
        }
    }
}
