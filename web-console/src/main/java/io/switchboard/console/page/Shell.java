package io.switchboard.console.page;

import io.switchboard.console.session.Viewer;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.util.WebUtils;

/**
 * What the frame around every page shows; templates ask it as {@code shell}, error pages too.
 */
@Component
public class Shell {

    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    private final Clock clock;

    Shell(Clock clock) {
        this.clock = clock;
    }

    /** Who is signed in; null on the pages that need no signing in. */
    public @Nullable Viewer getViewer() {
        return Viewer.current().orElse(null);
    }

    /** {@code light}, {@code dark}, or {@code auto} for what the device prefers. */
    public String getTheme() {
        return Preference.theme(WebUtils.getCookie(request(), Preference.THEME_COOKIE));
    }

    /** The path and query of this page, to come back to. */
    public String getHere() {
        HttpServletRequest request = request();
        Object failed = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        if (failed != null) {
            return "/";
        }
        String query = request.getQueryString();
        boolean shown = "GET".equals(request.getMethod());
        return shown ? request.getRequestURI() + (query == null ? "" : "?" + query) : "/";
    }

    /** Whether this page is the given section or lies below it. */
    public boolean within(String section) {
        String path = request().getRequestURI();
        return section.equals("/") || section.equals("/ops") ? path.equals(section) : path.startsWith(section);
    }

    public Instant now() {
        return clock.instant();
    }

    public String utc(Instant at) {
        return UTC.format(at);
    }

    private static HttpServletRequest request() {
        return ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes()).getRequest();
    }
}
