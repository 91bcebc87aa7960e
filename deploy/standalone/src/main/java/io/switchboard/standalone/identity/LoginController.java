package io.switchboard.standalone.identity;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

@Controller
class LoginController {

    /** @param wait seconds until the next try is looked at, after too many wrong ones */
    @GetMapping("/login")
    String login(@RequestParam(required = false) @Nullable Integer wait, Model model) {
        model.addAttribute("wait", wait);
        return "login";
    }
}
