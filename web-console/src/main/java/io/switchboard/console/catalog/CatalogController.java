package io.switchboard.console.catalog;

import io.switchboard.contracts.ordering.CatalogApi;
import java.util.stream.Collectors;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

@Controller
class CatalogController {

    private final CatalogApi catalog;

    CatalogController(CatalogApi catalog) {
        this.catalog = catalog;
    }

    @GetMapping("/catalog")
    String index(Model model) {
        var cards = catalog.catalog().stream()
                .map(ServiceTypeCard::of)
                .collect(Collectors.partitioningBy(ServiceTypeCard::available));
        model.addAttribute("types", cards.get(true));
        model.addAttribute("later", cards.get(false));
        return "catalog/index";
    }
}
