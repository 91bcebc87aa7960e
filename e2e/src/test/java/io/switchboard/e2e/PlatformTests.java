package io.switchboard.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/** The whole platform as one machine runs it: by API, by browser, and seen by two tenants. */
@ExtendWith(SharedPlatform.class)
@ResourceLock(SharedPlatform.LOCK)
class PlatformTests {

    private static Installation installation;

    @BeforeAll
    static void use(Installation shared) {
        installation = shared;
        PlaywrightAssertions.setDefaultAssertionTimeout(Duration.ofMinutes(6).toMillis());
    }

    @Test
    void everyStepOfTheDemoPasses() throws Exception {
        assertThat(Demo.run(installation, "0")).isTrue();
    }

    @Test
    void aTenantOrdersConfiguresAndDeletesInTheBrowser() throws Exception {
        try (var playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                var browser = launch(playwright)) {
            var page = browser.newPage();
            page.setDefaultTimeout(60_000);
            var console = installation.address("console");

            page.navigate(console + "/catalog");
            assertThat(page.locator("input[name=username]")).isVisible();
            accessible(page);
            page.fill("input[name=username]", "demo");
            page.fill("input[name=password]", installation.secret("demo-password"));
            page.click("button[type=submit]");
            page.waitForURL(console + "/catalog**");
            accessible(page);

            page.getByRole(AriaRole.LINK, link("Order Automatic call distribution, Standard"))
                    .click();
            page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("front-desk");
            page.getByLabel("Agents").fill("40");
            page.getByLabel("Calls an hour").fill("600");
            accessible(page);
            button(page, "Place the order").click();

            assertThat(page).hasURL(Pattern.compile(".*/orders/[0-9a-f-]{36}"));
            assertThat(page.locator("[data-order-state=COMPLETED]")).isVisible();
            accessible(page);
            page.getByRole(AriaRole.LINK, link("Go to front-desk")).click();
            assertThat(page.locator("[data-instance-state=RUNNING]")).isVisible();
            accessible(page);

            // The page's own: the navigation has one of all instances.
            page.locator("#main")
                    .getByRole(
                            AriaRole.LINK,
                            new Locator.GetByRoleOptions()
                                    .setName("Configuration")
                                    .setExact(true))
                    .click();
            page.getByRole(AriaRole.LINK, link("Add the first item")).click();
            page.getByLabel("New key").first().fill("acd.greeting");
            page.getByLabel("Value").first().fill("Good day from the browser");
            button(page, "Save the draft and see the difference").click();
            assertThat(page.locator(".diff-after")).containsText("Good day from the browser");
            page.getByLabel("Why").fill("Be polite");
            button(page, "Publish 1 change").click();
            accessible(page);
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(Journey.call(installation, "front-desk.demo.switchboard.localhost")
                                    .body()
                                    .path("greeting")
                                    .asString())
                            .isEqualTo("Good day from the browser"));

            anotherStageHasItsOwn(page);
            page.getByRole(AriaRole.LINK, link("front-desk")).click();
            page.getByRole(AriaRole.LINK, link("Delete")).click();
            page.getByLabel("Type front-desk").fill("front-desk");
            button(page, "Delete front-desk for good").click();
            assertThat(page.locator("[data-order-state=COMPLETED]")).isVisible();
        }
    }

    private static void anotherStageHasItsOwn(Page page) {
        page.getByText("Open another stage or namespace").click();
        page.getByLabel("Stage", new Page.GetByLabelOptions().setExact(true)).fill("test");
        page.getByLabel("Namespace (optional)").fill("hours");
        button(page, "Open").click();
        page.getByRole(AriaRole.LINK, link("Add the first item")).click();
        page.getByLabel("New key").first().fill("open");
        page.getByLabel("Value").first().fill("09:00");
        button(page, "Save the draft and see the difference").click();
        button(page, "Publish 1 change").click();
        assertThat(page.locator(".chooser [aria-current]")).hasText(new String[] {"test", "hours"});
        assertThat(page.locator("section[aria-labelledby=items]")).containsText("09:00");
        accessible(page);
        page.locator(".chooser")
                .getByRole(
                        AriaRole.LINK,
                        new Locator.GetByRoleOptions().setName("prod").setExact(true))
                .click();
        assertThat(page).hasURL(Pattern.compile(".*/configuration/prod/application"));
        assertThat(page.locator("section[aria-labelledby=items]")).containsText("Good day from the browser");
    }

    @Test
    void theOperatorSeesEveryOrderAndTask() throws Exception {
        var journey = Journey.of(installation, "seen", "line", line -> {});
        oneTask(journey, "seen-1");
        try (var playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                var browser = launch(playwright)) {
            var page = browser.newPage();
            page.setDefaultTimeout(60_000);
            page.navigate(installation.address("console") + "/ops");
            page.fill("input[name=username]", "operator");
            page.fill("input[name=password]", installation.secret("operator-password"));
            page.click("button[type=submit]");
            page.waitForURL(installation.address("console") + "/ops**");

            assertThat(page.locator("main")).containsText("seen");
            accessible(page);
        }
    }

    @Test
    void anotherTenantFindsNothing() throws Exception {
        var ours = Journey.of(installation, "owner", "line", line -> {});
        var theirs = Journey.of(installation, "stranger", "line", line -> {});
        var order = oneTask(ours, "owned");
        var id = order.path("id").asString();
        var instance = order.path("instanceId").asString();

        assertThat(theirs.api().get("request", "/api/v1/orders/" + id).status()).isEqualTo(404);
        assertThat(theirs.api().get("request", "/api/v1/instances/" + instance).status())
                .isEqualTo(404);
        assertThat(theirs.api()
                        .get("scheduler", "/api/v1/deployments/" + instance)
                        .status())
                .isEqualTo(404);
        assertThat(theirs.api().get("access", "/api/v1/routes/" + instance).status())
                .isEqualTo(404);
        assertThat(theirs.api()
                        .get("request", "/api/v1/orders")
                        .expect(200)
                        .path("items")
                        .isEmpty())
                .isTrue();
        assertThat(theirs.api()
                        .post(
                                "request",
                                "/api/v1/orders",
                                Map.of("kind", "DELETE", "instanceId", instance),
                                Map.of("Idempotency-Key", "steal"))
                        .status())
                .isEqualTo(404);
        ours.awaitCompleted(UUID.fromString(id), Duration.ofMinutes(6));
        assertThat(ours.tasks(UUID.fromString(instance))).isNotEmpty();
    }

    private static JsonNode oneTask(Journey journey, String key) throws Exception {
        return journey.open("basic", 600, Map.of("strategy", "round-robin"), key);
    }

    @Test
    void noServiceAnswersWithoutAToken() throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            for (var target : List.of(
                    "request /api/v1/orders",
                    "request /internal/v1/credentials/verify",
                    "scheduler /api/v1/deployments",
                    "scheduler /internal/v1/task-snapshots",
                    "access /api/v1/routes",
                    "image /api/v1/images",
                    "image /internal/v1/pull-credential?repository=platform/acd",
                    "config /api/v1/config/line/prod/application",
                    "request /actuator/metrics",
                    "scheduler /actuator/prometheus")) {
                var parts = target.split(" ");
                var answer = http.send(
                        HttpRequest.newBuilder(URI.create(installation.address(parts[0]) + parts[1]))
                                .build(),
                        BodyHandlers.ofString());

                assertThat(answer.statusCode()).as(target).isEqualTo(401);
                assertThat(answer.body()).as(target).contains("UNAUTHENTICATED");
            }
        }
    }

    private static void accessible(Page page) {
        assertThat(new AxeBuilder(page).analyze().getViolations())
                .as(page.url())
                .isEmpty();
    }

    private static Browser launch(Playwright playwright) {
        return playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of(System.getProperty("chromium", "/usr/bin/chromium")))
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
    }

    private static Page.GetByRoleOptions link(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    private static com.microsoft.playwright.Locator button(Page page, String name) {
        return page.getByRole(AriaRole.BUTTON, link(name));
    }
}
