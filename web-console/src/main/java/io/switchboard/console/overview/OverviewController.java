package io.switchboard.console.overview;

import io.switchboard.console.session.Viewer;
import io.switchboard.contracts.ordering.OrdersApi;
import io.switchboard.contracts.ordering.Page;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

@Controller
class OverviewController {

    private static final int CARDS = 60;

    private final OrdersApi orders;

    OverviewController(OrdersApi orders) {
        this.orders = orders;
    }

    @GetMapping("/")
    String index(@RequestParam(required = false) @Nullable String cursor, Model model) {
        if (Viewer.current().filter(Viewer::isOperator).isPresent()) {
            return "redirect:/ops";
        }
        Page<InstanceCard> cards = cards(cursor);
        model.addAttribute("cards", cards.items());
        model.addAttribute("next", cards.next().orElse(null));
        model.addAttribute("first", cursor == null);
        return "overview/index";
    }

    private Page<InstanceCard> cards(@Nullable String cursor) {
        var page = orders.instances(null, cursor, CARDS, null);
        List<InstanceCard> living = page.items().stream()
                .map(InstanceCard::of)
                .filter(InstanceCard::living)
                .toList();
        return new Page<>(living, page.next());
    }
}
