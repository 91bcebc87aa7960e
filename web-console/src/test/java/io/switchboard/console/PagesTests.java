package io.switchboard.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.ordering.OrderRequest;
import io.switchboard.contracts.scheduling.Canary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every page in light and dark: without accessibility violations, and fitting into three widths. With
 * {@code -Dscreenshots=true} each is photographed into {@code target/screenshots} to be looked at.
 */
class PagesTests {

    private static final List<Integer> WIDTHS = List.of(390, 820, 1440);

    private static final Stage STAGE = Stage.get();
    private static final Map<String, String> TENANT_PAGES = new LinkedHashMap<>();
    private static final Map<String, String> OPERATOR_PAGES = new LinkedHashMap<>();
    private static final Map<String, String> REFUSALS = Map.of("config-open", "400", "not-found", "404");

    @BeforeAll
    static void somethingToLookAt() {
        var world = STAGE.platform.world();
        var opened = world.place(
                "acme",
                "pages-1",
                new OrderRequest.Open(
                        "acd",
                        "standard",
                        "support-line",
                        new LoadProfile(120, 3_000, 180),
                        Map.of("greeting", "Welcome."),
                        null));
        world.place(
                "acme",
                "pages-2",
                new OrderRequest.Open("ivr", "standard", "night-menu", new LoadProfile(40, 900, 60), Map.of(), null));
        world.place(
                "globex",
                "pages-3",
                new OrderRequest.Open("acd", "critical", "sales", new LoadProfile(800, 21_000, 200), Map.of(), null));
        world.stuckInstance("acme", "holiday-peak");
        STAGE.platform
                .config()
                .publish(
                        "acme",
                        "support-line",
                        Map.of("acd.greeting", "Welcome.", "acd.wrap-up-seconds", "15", "acd.queue.announce", "true"));
        STAGE.platform
                .config()
                .somebodyElseSets("acme", "support-line", "acd.greeting", "Good day,\nyou reached Acme.");
        STAGE.platform.config().somebodyElseSets("acme", "support-line", "acd.max-queue", "40");
        STAGE.platform
                .config()
                .publish("acme", "support-line", "prod", "telephony", Map.of("trunk", "sip:one.example"));
        STAGE.platform.config().publish("acme", "support-line", "test", "application", Map.of("acd.greeting", "Test."));
        STAGE.platform.config().freeze("acme", "support-line", "Quarter's end: no changes before Monday.");
        UUID instance = opened.instanceId();
        STAGE.platform.claimed(instance, "calls.example.com");
        UUID moving = world.runningInstance("acme", "front-office");
        world.place("acme", "pages-5", new OrderRequest.Upgrade(moving, new Canary(1, 30)));
        Awaitility.await().until(() -> world.isOnTrial(moving));
        Awaitility.await().until(() -> world.order(opened.id()).endedAt().isPresent());
        TENANT_PAGES.put("overview", "/");
        TENANT_PAGES.put("catalog", "/catalog");
        TENANT_PAGES.put("order-new", "/orders/new?serviceType=acd");
        TENANT_PAGES.put("orders", "/orders");
        TENANT_PAGES.put("order", "/orders/" + opened.id());
        TENANT_PAGES.put("instance", "/instances/" + instance);
        TENANT_PAGES.put("extend", "/instances/" + instance + "/extend");
        TENANT_PAGES.put("restart", "/instances/" + instance + "/restart");
        TENANT_PAGES.put("upgrade", "/instances/" + instance + "/upgrade");
        TENANT_PAGES.put("rolling-out", "/instances/" + moving);
        TENANT_PAGES.put("rollout", "/instances/" + instance + "/rollout");
        TENANT_PAGES.put("rollout-force", "/instances/" + moving + "/rollout/force");
        TENANT_PAGES.put("revisions", "/instances/" + moving + "/revisions");
        TENANT_PAGES.put("revision-run", "/instances/" + moving + "/revisions/1/run");
        TENANT_PAGES.put("autoscaling", "/instances/" + instance + "/autoscaling");
        TENANT_PAGES.put("history", "/instances/" + instance + "/history");
        TENANT_PAGES.put("log-all", "/instances/" + instance + "/log");
        TENANT_PAGES.put("delete", "/instances/" + instance + "/delete");
        TENANT_PAGES.put("log", "/instances/" + instance + "/tasks/support-line-0/log");
        TENANT_PAGES.put("domains", "/instances/" + instance + "/domains");
        TENANT_PAGES.put("config", "/instances/" + instance + "/configuration");
        TENANT_PAGES.put("config-new", "/instances/" + instance + "/configuration/dev/night.hours");
        TENANT_PAGES.put("config-open", "/instances/" + instance + "/configuration/open?stage=Test");
        TENANT_PAGES.put("config-edit", "/instances/" + instance + "/configuration/prod/application/edit");
        TENANT_PAGES.put("config-publish", "/instances/" + instance + "/configuration/prod/application/publish");
        TENANT_PAGES.put("config-secrets", "/instances/" + instance + "/configuration/prod/application/secrets");
        TENANT_PAGES.put("config-rules", "/instances/" + instance + "/configuration/prod/application/rules");
        TENANT_PAGES.put("configuration", "/configuration?text=Welcome");
        TENANT_PAGES.put("configuration-delete", "/configuration/night-menu/delete");
        TENANT_PAGES.put(
                "config-compare",
                "/instances/" + instance + "/configuration/prod/application/compare?from=empty&to=draft");
        TENANT_PAGES.put(
                "config-rollback", "/instances/" + instance + "/configuration/prod/application/rollback?from=1&to=2");
        TENANT_PAGES.put("not-found", "/nowhere");
        TENANT_PAGES.put("signed-out", "/signed-out");
        OPERATOR_PAGES.put("ops", "/ops");
        OPERATOR_PAGES.put("ops-orders", "/ops/orders");
        OPERATOR_PAGES.put("ops-nodes", "/ops/nodes");
        OPERATOR_PAGES.put("ops-tenants", "/ops/tenants");
    }

    @ParameterizedTest
    @EnumSource(names = {"LIGHT", "DARK"})
    void tenantPagesAreAccessible(ColorScheme colours) {
        look("ada", TENANT_PAGES, colours);
    }

    @ParameterizedTest
    @EnumSource(names = {"LIGHT", "DARK"})
    void operatorPagesAreAccessible(ColorScheme colours) {
        look("olga", OPERATOR_PAGES, colours);
    }

    private static void look(String person, Map<String, String> pages, ColorScheme colours) {
        Map<String, List<String>> violations = new LinkedHashMap<>();
        try (Visit visit = STAGE.visit(person, true, colours)) {
            pages.forEach((name, path) -> {
                visit.open(path);
                List<String> found = violations(visit.page);
                photograph(visit.page, name, colours);
                // A page that is a refusal is one that the browser complains of.
                String refusal = REFUSALS.getOrDefault(name, "no status");
                visit.complaints().stream()
                        .filter(text -> !text.contains(refusal))
                        .forEach(found::add);
                visit.complaints().clear();
                if (!found.isEmpty()) {
                    violations.put(name, found);
                }
            });
            assertThat(violations).isEmpty();
        }
    }

    private static List<String> violations(Page page) {
        return new AxeBuilder(page)
                .analyze().getViolations().stream()
                        .map(PagesTests::describe)
                        .collect(Collectors.toCollection(ArrayList::new));
    }

    private static String describe(Rule rule) {
        return rule.getId() + ": " + rule.getHelp() + " "
                + rule.getNodes().stream().map(node -> node.getHtml()).toList();
    }

    private static void photograph(Page page, String name, ColorScheme colours) {
        for (int width : WIDTHS) {
            page.setViewportSize(width, 900);
            assertThat(page.evaluate("document.documentElement.scrollWidth"))
                    .as(name + " fits into " + width + " px")
                    .isEqualTo(width);
            if (!Boolean.getBoolean("screenshots")) {
                continue;
            }
            String file = name + "-" + width + "-" + colours.name().toLowerCase(Locale.ROOT) + ".png";
            page.screenshot(
                    new Page.ScreenshotOptions().setFullPage(true).setPath(Path.of("target", "screenshots", file)));
        }
    }
}
