package io.switchboard.samples.acd.floor;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/agents")
class AgentsController {

    private final Floor floor;

    AgentsController(Floor floor) {
        this.floor = floor;
    }

    @GetMapping
    List<AgentView> agents() {
        return floor.agents().stream().map(AgentView::of).toList();
    }

    @PutMapping("/{id}")
    AgentView logIn(@PathVariable @Pattern(regexp = Name.PATTERN) String id, @RequestBody @Valid LogIn request) {
        return AgentView.of(floor.logIn(id, request.skills().stream().distinct().toList()));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void logOut(@PathVariable @Pattern(regexp = Name.PATTERN) String id) {
        floor.logOut(id);
    }

    /** @param skills best first, 1 to 50 */
    record LogIn(@NotEmpty @Size(max = 50) List<@NotNull @Pattern(regexp = Name.PATTERN) String> skills) {}

    record AgentView(String id, List<String> skills, Agent.Kind state, boolean leaving) {

        static AgentView of(Agent agent) {
            return new AgentView(agent.id(), agent.skills(), agent.state().kind(), agent.leaving());
        }
    }
}
