package io.switchboard.console.session;

import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

@Controller
class SessionController {

    @GetMapping("/signed-out")
    String signedOut() {
        return "session/signed-out";
    }

    @GetMapping("/sign-in-failed")
    String failed() {
        return "session/failed";
    }
}
