package io.switchboard.console.catalog;

import io.switchboard.contracts.ordering.CatalogApi;
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
        model.addAttribute("types", catalog.catalog().stream().map(Offer::of).toList());
        return "catalog/index";
    }
}
