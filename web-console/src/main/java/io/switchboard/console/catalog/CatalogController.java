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
        var offers = catalog.catalog().stream().map(Offer::of).collect(Collectors.partitioningBy(Offer::available));
        model.addAttribute("types", offers.get(true));
        model.addAttribute("later", offers.get(false));
        return "catalog/index";
    }
}
