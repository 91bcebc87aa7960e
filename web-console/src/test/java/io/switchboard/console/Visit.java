package io.switchboard.console;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** One person's browser window; remembers what the page complained about in the console. */
final class Visit implements AutoCloseable {

    final Page page;
    private final BrowserContext context;
    private final String console;
    private final List<String> complaints = new ArrayList<>();

    Visit(BrowserContext context, String console) {
        this.context = context;
        this.console = console;
        this.page = context.newPage();
        page.setDefaultTimeout(30_000);
        page.onConsoleMessage(message -> {
            // That one tells of the machine's network interfaces, which other programs add and remove.
            boolean ofTheMachine = message.text().contains("net::ERR_NETWORK_CHANGED");
            if (List.of("error", "warning").contains(message.type()) && !ofTheMachine) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
    }

    /** Opens a path of the console and gives the status it answered with. */
    int open(String path) {
        Response response = page.navigate(console + path);
        return Objects.requireNonNull(response).status();
    }

    String path() {
        return page.url().substring(console.length());
    }

    List<String> complaints() {
        return complaints;
    }

    @Override
    public void close() {
        context.close();
    }
}
