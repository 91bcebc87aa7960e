package io.switchboard.console;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import io.switchboard.fakes.FakePlatform;
import io.switchboard.ports.FreePorts;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/** The console, the fakes behind it and a browser before it; started once for all tests of this JVM. */
final class Stage {

    private static final Stage STAGE = new Stage();

    final FakePlatform platform;
    final String console;
    private final Browser browser;
    private final Map<String, String> signedIn = new HashMap<>();

    static Stage get() {
        return STAGE;
    }

    private Stage() {
        platform = FakePlatform.start(FreePorts.next());
        Map<String, String> settings = new HashMap<>(Map.of(
                "server.port", "0",
                "server.address", "127.0.0.1",
                "switchboard.security.issuer", platform.address(),
                "console.oidc.client-id", FakePlatform.CLIENT,
                "console.oidc.client-secret", FakePlatform.CLIENT_SECRET,
                "spring.cloud.zookeeper.enabled", "false",
                "spring.cloud.discovery.enabled", "false"));
        for (String service : List.of("service-request", "service-scheduler", "service-access", "config-center")) {
            settings.put("spring.http.serviceclient." + service + ".base-url", platform.address());
        }
        String[] arguments = settings.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
        var context = (ServletWebServerApplicationContext)
                ConsoleApplication.application().run(arguments);
        var server = context.getWebServer();
        console = "http://127.0.0.1:" + (server == null ? 0 : server.getPort());
        platform.register(console);
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of(System.getProperty("chromium", "/usr/bin/chromium")))
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            playwright.close();
            context.close();
            platform.close();
        }));
    }

    /** A browser in which the person is signed in. */
    Visit visit(String person) {
        return visit(person, true, ColorScheme.LIGHT);
    }

    Visit visit(String person, boolean script, ColorScheme colours) {
        String cookies = signedIn.computeIfAbsent(person, this::signIn);
        BrowserContext context = browser.newContext(options(script, colours).setStorageState(cookies));
        return new Visit(context, console);
    }

    /** A browser nobody used yet. */
    Visit stranger(boolean script) {
        return new Visit(browser.newContext(options(script, ColorScheme.LIGHT)), console);
    }

    private static Browser.NewContextOptions options(boolean script, ColorScheme colours) {
        return new Browser.NewContextOptions()
                .setJavaScriptEnabled(script)
                .setColorScheme(colours)
                .setLocale("en-GB")
                .setViewportSize(1280, 900);
    }

    private String signIn(String person) {
        try (BrowserContext context = browser.newContext(options(true, ColorScheme.LIGHT))) {
            Page page = context.newPage();
            page.navigate(console + "/catalog");
            fillLogin(page, person);
            page.waitForURL(console + "/**");
            return context.storageState();
        }
    }

    static void fillLogin(Page page, String person) {
        page.fill("input[name=username]", person);
        page.fill("input[name=password]", FakePlatform.PASSWORD);
        page.click("button[type=submit]");
    }
}
