package io.switchboard.console.operations;

import io.switchboard.console.page.ProblemPage;
import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.contracts.scheduling.NodesApi;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The machines that run tasks, and emptying one of them for maintenance. */
@Controller
@RequestMapping("/ops/nodes")
class NodesController {

    private final NodesApi nodes;

    NodesController(NodesApi nodes) {
        this.nodes = nodes;
    }

    @GetMapping
    String show(Model model) {
        model.addAttribute("nodes", nodes.nodes(null).stream().map(NodeRow::of).toList());
        return "operations/nodes";
    }

    @PostMapping("/drain")
    String drain(@RequestParam String host, HttpServletResponse response, Model model) {
        return change(() -> nodes.drain(host, null), response, model);
    }

    @PostMapping("/undrain")
    String undrain(@RequestParam String host, HttpServletResponse response, Model model) {
        return change(() -> nodes.undrain(host, null), response, model);
    }

    private String change(Runnable change, HttpServletResponse response, Model model) {
        try {
            change.run();
            return "redirect:/ops/nodes";
        } catch (RemoteProblem problem) {
            ProblemPage.explain(problem, response, model);
            return show(model);
        }
    }
}
