package io.switchboard.console.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.logout.SecurityContextLogoutHandler;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.stereotype.Component;

/** Sends somebody whose token ended to sign in again, and back to where they were. */
@Component
public class SignIn {

    static final String START = "/oauth2/authorization/" + IssuerRegistrations.ID;

    private final RequestCache whereTheyWanted;

    SignIn(RequestCache whereTheyWanted) {
        this.whereTheyWanted = whereTheyWanted;
    }

    /** Ends this session, remembers the page, and gives the path that starts signing in. */
    public String again(HttpServletRequest request, HttpServletResponse response) {
        new SecurityContextLogoutHandler()
                .logout(request, response, SecurityContextHolder.getContext().getAuthentication());
        whereTheyWanted.saveRequest(request, response);
        return START;
    }
}
