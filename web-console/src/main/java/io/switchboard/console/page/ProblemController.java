package io.switchboard.console.page;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/** The page for what failed outside of any controller: an unknown address, a form without its token, a defect. */
@Controller
class ProblemController implements ErrorController {

    private final ProblemPages pages;

    ProblemController(ProblemPages pages) {
        this.pages = pages;
    }

    @RequestMapping("/error")
    ModelAndView show(HttpServletRequest request) {
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        boolean issuerSilent = path instanceof String asked && asked.startsWith("/oauth2/authorization");
        if (issuerSilent) {
            return pages.status(503, request);
        }
        return pages.status(status instanceof Integer code ? code : 404, request);
    }
}
