package io.switchboard.samples.acd.floor;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class CallsController {

    private final Floor floor;
    private final TaskProperties task;

    CallsController(Floor floor, TaskProperties task) {
        this.floor = floor;
        this.task = task;
    }

    @PostMapping("/calls")
    ResponseEntity<CallView> offer(@RequestBody @Valid CallRequest request) {
        return switch (floor.offer(request.caller(), Optional.ofNullable(request.skill()))) {
            case Offer.Taken(Call call) ->
                ResponseEntity.created(URI.create("/calls/" + call.id())).body(view(call));
            case Offer.Draining draining -> throw FloorProblem.draining();
            case Offer.QueueFull full -> throw FloorProblem.queueFull(full);
        };
    }

    @GetMapping("/calls/{id}")
    CallView call(@PathVariable UUID id) {
        return view(floor.call(id).orElseThrow(() -> FloorProblem.noSuchCall(id)));
    }

    @PostMapping("/calls/{id}/answer")
    CallView answer(@PathVariable UUID id) {
        var call = floor.answer(id).orElseThrow(() -> FloorProblem.noSuchCall(id));
        if (!(call.state() instanceof Call.Talking)) {
            throw FloorProblem.notRinging(call);
        }
        return view(call);
    }

    @DeleteMapping("/calls/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void end(@PathVariable UUID id) {
        floor.end(id).orElseThrow(() -> FloorProblem.noSuchCall(id));
    }

    /** How many calls wait, by skill. */
    @GetMapping("/queues")
    Map<String, Integer> queues() {
        return floor.queues();
    }

    private CallView view(Call call) {
        return new CallView(
                call.id(),
                call.caller(),
                call.skill(),
                call.state().kind(),
                call.state().holder(),
                floor.position(call),
                call.state() instanceof Call.Ended ended ? Optional.of(ended.outcome()) : Optional.empty(),
                call.offeredAt(),
                task.id());
    }

    /**
     * @param caller number or address of the caller, at most 100 characters
     * @param skill the queue's own, {@code acd.queue.name}, if absent
     */
    record CallRequest(
            @NotBlank @Size(max = 100) String caller,
            @Nullable @Pattern(regexp = Name.PATTERN) String skill) {}

    /**
     * @param position place in the queue of its skill, from 1; only while it waits and {@code acd.queue.announce-position} is on
     * @param outcome only of an ended call
     * @param task which task holds the call
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record CallView(
            UUID id,
            String caller,
            String skill,
            Call.Kind state,
            Optional<String> agent,
            Optional<Integer> position,
            Optional<Call.Outcome> outcome,
            Instant offeredAt,
            String task) {}
}
