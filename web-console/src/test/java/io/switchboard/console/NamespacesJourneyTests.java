package io.switchboard.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.switchboard.console.OrderJourneyTests.button;
import static io.switchboard.console.OrderJourneyTests.link;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every stage and namespace of an instance has its own pages, and nothing done there touches another one. */
class NamespacesJourneyTests {

    private final Stage stage = Stage.get();

    @Test
    void anotherStagesNamespaceIsOpenedEditedPublishedComparedAndRolledBack() {
        UUID instance = stage.platform.world().runningInstance("acme", "two-stages");
        stage.platform.config().publish("acme", "two-stages", Map.of("greeting", "Hello"));
        stage.platform.config().somebodyElseSets("acme", "two-stages", "greeting", "Waits in prod");
        String configuration = "/instances/" + instance + "/configuration";
        String other = configuration + "/test/telephony";

        try (Visit ada = stage.visit("ada")) {
            Page page = ada.page;
            ada.open(configuration);
            assertThat(ada.path()).isEqualTo(configuration + "/prod/application");
            page.getByText("Open another stage or namespace").click();
            page.getByLabel("Stage", exact()).fill("test");
            page.getByLabel("Namespace (optional)").fill("telephony");
            button(page, "Open").click();

            assertThat(ada.path()).isEqualTo(other);
            assertThat(page.locator("main")).containsText("test / telephony");
            assertThat(page.getByText("Nothing is configured")).isVisible();
            page.getByRole(AriaRole.LINK, link("Add the first item")).click();
            release(page, "trunk", "sip:one.example");
            assertThat(page.getByRole(AriaRole.STATUS)).containsText("Published.");
            assertThat(ada.path()).isEqualTo(other + "?published");

            page.getByRole(AriaRole.LINK, link("Edit")).click();
            page.getByLabel("Value of trunk").fill("sip:two.example");
            button(page, "Save the draft and see the difference").click();
            assertThat(page.locator(".crumbs")).containsText("test / telephony");
            button(page, "Publish 1 change").click();

            page.getByRole(AriaRole.LINK, link("Compare any two of them")).click();
            page.getByLabel("From").selectOption("1");
            page.getByLabel("To").selectOption("2");
            button(page, "Compare").click();
            assertThat(ada.path()).startsWith(other + "/compare");
            assertThat(page.locator(".diff-before")).containsText("sip:one.example");
            assertThat(page.locator(".diff-after")).containsText("sip:two.example");

            page.locator(".crumbs a").last().click();
            page.getByRole(AriaRole.LINK, link("Go back to it")).click();
            button(page, "Go back to release 1").click();
            assertThat(page.getByRole(AriaRole.STATUS)).containsText("Published.");
            assertThat(items(page)).containsText("sip:one.example");
            ada.open(other + "/publish");
            button(page, "Discard the draft").click();
            assertThat(ada.path()).isEqualTo(other);

            assertThat(chosen(page)).hasText(new String[] {"test", "telephony"});
            page.locator(".chooser").getByRole(AriaRole.LINK, among("prod")).click();
            assertThat(ada.path()).isEqualTo(configuration + "/prod/application");
            assertThat(chosen(page)).hasText(new String[] {"prod", "application"});
            assertThat(items(page).locator("tbody tr")).hasCount(1);
            assertThat(items(page)).containsText("Hello");
            assertThat(items(page)).containsText("Waits in prod");
            assertThat(page.locator("section[aria-labelledby=releases] tbody tr"))
                    .hasCount(1);
            assertThat(ada.complaints()).isEmpty();
        }
    }

    @Test
    void aDocumentIsOneTextAndNothingBeforeItIsTyped() {
        UUID instance = stage.platform.world().runningInstance("acme", "document");
        String document = "/instances/" + instance + "/configuration/test/routing.yaml";

        try (Visit ada = stage.visit("ada")) {
            Page page = ada.page;
            ada.open("/instances/" + instance + "/configuration/test/routing/edit");
            assertThat(page.getByText("Keys this service reads")).isVisible();
            ada.open(document + "/edit");
            assertThat(page.getByText("Keys this service reads")).hasCount(0);
            assertThat(page.getByLabel("New key")).hasCount(0);
            button(page, "Save the draft and see the difference").click();
            assertThat(ada.path()).isEqualTo(document + "/publish");
            assertThat(page.locator("main")).containsText("The draft holds what clients read already");

            ada.open(document + "/edit");
            page.getByLabel("Value of content").fill("a: 1");
            button(page, "Save the draft and see the difference").click();
            assertThat(page.locator(".diff-after")).containsText("a: 1");
            ada.open(document + "/edit");
            assertThat(page.getByLabel("Value of content")).hasValue("a: 1");
            assertThat(ada.complaints()).isEmpty();
        }
    }

    @Test
    void aDocumentShowsTheKeysThatClientsReadAndWhereTheyStand() {
        UUID instance = stage.platform.world().runningInstance("acme", "leaves");
        String configuration = "/instances/" + instance + "/configuration/test/";

        try (Visit ada = stage.visit("ada")) {
            Locator keys = ada.page.locator("section[aria-labelledby=leaves]");
            for (String name : new String[] {"menu.yaml", "broken.yaml"}) {
                stage.platform.config().publish("acme", "leaves", "test", name, Map.of("content", "menu: []"));
            }
            ada.open(configuration + "menu.yaml");
            assertThat(keys.locator("tbody tr").first().locator("td")).hasText(new String[] {"menu[0]", "Desk", "3"});
            assertThat(keys.locator("tbody tr")).hasCount(500);
            assertThat(keys).containsText("2 more keys are in the document");
            ada.open(configuration + "broken.yaml");
            assertThat(keys).containsText("None can be shown: Line 3, column 1 is no YAML.");
            stage.platform.config().publish("acme", "leaves", "test", "items", Map.of("a", "1"));
            ada.open(configuration + "items");
            assertThat(keys).hasCount(0);
            assertThat(ada.complaints()).isEmpty();
        }
    }

    @Test
    void whatIsBesideANamespaceStaysWithIt() {
        UUID instance = stage.platform.world().runningInstance("acme", "beside");
        stage.platform.config().publish("acme", "beside", Map.of("greeting", "Hello"));
        stage.platform.config().publish("acme", "beside", "test", "telephony", Map.of("trunk", "one"));
        stage.platform.config().publish("acme", "beside", "test", "hours", Map.of("open", "9"));
        String configuration = "/instances/" + instance + "/configuration";
        String other = configuration + "/test/telephony";

        try (Visit ada = stage.visit("ada")) {
            Page page = ada.page;
            ada.open(other + "/secrets");
            page.getByLabel("Key").fill("password");
            page.getByLabel("New value").fill("secret");
            button(page, "Encrypt it").click();
            assertThat(ada.path()).isEqualTo(other + "/publish");

            ada.open(other + "/edit");
            page.getByLabel("Value of trunk").fill("two");
            button(page, "Save the draft and see the difference").click();
            page.getByText("Publish later").click();
            page.getByLabel("When (UTC)").fill("2030-01-02T03:04");
            button(page, "Schedule it").click();
            assertThat(page.locator("#scheduled + .scroll")).containsText("waits");
            ada.open(other + "/publish");
            page.getByText("Give it to some clients first").click();
            page.getByLabel("Percent, label or names").fill("50");
            button(page, "Start the canary").click();
            assertThat(page.locator("section[aria-labelledby=canary]")).containsText("runs it");
            assertThat(ada.path()).startsWith(other);

            ada.open(other + "/rules");
            assertThat(page.locator("h1")).hasText("Who publishes for beside in stage test");
            page.getByText("Another user approves each draft").click();
            button(page, "Save the rules").click();
            assertThat(ada.path()).isEqualTo(other);

            // The rules are the stage's, all the rest is the namespace's.
            ada.open(configuration + "/test/hours/rules");
            assertThat(page.getByLabel("Another user approves each draft")).isChecked();
            for (String place : new String[] {"/test/hours", "/prod/application"}) {
                ada.open(configuration + place);
                assertThat(page.locator("#scheduled")).hasCount(0);
                assertThat(page.locator("#canary")).hasCount(0);
                ada.open(configuration + place + "/secrets");
                assertThat(page.getByText("Nothing is encrypted yet")).isVisible();
            }
            ada.open(configuration + "/prod/application/rules");
            assertThat(page.getByLabel("Another user approves each draft"))
                    .not()
                    .isChecked();
        }
    }

    @Test
    void aStageBeginsWithWhatIsThere() {
        UUID instance = stage.platform.world().runningInstance("acme", "begins");
        stage.platform.config().publish("acme", "begins", "dev", "hours", Map.of("open", "9"));
        String configuration = "/instances/" + instance + "/configuration";

        try (Visit ada = stage.visit("ada")) {
            ada.open(configuration);
            ada.page.locator(".chooser").getByRole(AriaRole.LINK, among("dev")).click();
            assertThat(ada.path()).isEqualTo(configuration + "/dev/hours");
            ada.open(configuration + "/open?stage=staging");
            assertThat(ada.path()).isEqualTo(configuration + "/staging/application");
        }
    }

    @Test
    void anOperatorOpensATenantsNamespaces() {
        UUID instance = stage.platform.world().runningInstance("acme", "looked-at");
        stage.platform.config().publish("acme", "looked-at", "test", "hours", Map.of("open", "9"));

        try (Visit olga = stage.visit("olga")) {
            olga.open("/instances/" + instance + "/configuration/open?stage=test");
            assertThat(items(olga.page)).containsText("open");
            assertThat(chosen(olga.page)).hasText(new String[] {"test", "hours"});
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Prod/application",
                "prod/Application",
                "prod-/application",
                "prod/a..b",
                "prod/.application",
                "1prod/application",
                "prod/application%20",
                "prod/${7*7}",
                "prod/a%0Ab",
                "prod/%2e%2e",
                "prod;x=1/application",
                "__${T(java.lang.Runtime)}__::x/application",
                "prod/<script>alert(1)</script>",
                "prod/1234567890123456789012345678901234567890123456789012345678901234"
            })
    void whatCannotBeANameHasNoPage(String place) {
        UUID instance = stage.platform.world().runningInstance("acme", "hostile");
        String configuration = "/instances/" + instance + "/configuration/";

        try (Visit ada = stage.visit("ada")) {
            for (String below : new String[] {"", "/edit", "/publish", "/secrets", "/rules", "/compare"}) {
                APIResponse answer = ada.page.request().get(stage.console + configuration + place + below);
                assertThat(answer.status()).isBetween(400, 404);
                assertThat(answer.text()).contains("<h1").doesNotContain("<script>alert");
            }
            ada.open(configuration + "PROD/application");
            assertThat(ada.page.locator("h1")).hasText("There is nothing here");
        }
    }

    @Test
    void aSlashInANameIsRefusedAsInEveryPath() {
        UUID instance = stage.platform.world().runningInstance("acme", "slashed");

        try (Visit ada = stage.visit("ada")) {
            APIResponse answer = ada.page
                    .request()
                    .get(stage.console + "/instances/" + instance + "/configuration/prod/..%2f..%2fops");
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text()).contains("MALFORMED_REQUEST");
        }
    }

    @Test
    void anIdThatIsNoneHasNoPageEither() {
        try (Visit ada = stage.visit("ada")) {
            assertThat(ada.open("/instances/none/configuration/prod/application"))
                    .isEqualTo(404);
            assertThat(ada.open("/instances/" + UUID.randomUUID() + "/configuration/prod/application"))
                    .isEqualTo(404);
            assertThat(ada.open("/instances/" + UUID.randomUUID() + "/configuration"))
                    .isEqualTo(404);
        }
    }

    @Test
    void aNameThatIsMistypedIsExplainedAndKept() {
        UUID instance = stage.platform.world().runningInstance("acme", "mistyped");
        String open = "/instances/" + instance + "/configuration/open";

        try (Visit ada = stage.visit("ada")) {
            assertThat(ada.open(open + "?stage=Test&namespace=hours")).isEqualTo(400);
            assertThat(ada.page.locator("#stage-fault")).isVisible();
            assertThat(ada.page.getByLabel("Stage", exact())).hasValue("Test");

            assertThat(ada.open(open + "?stage=test&namespace=%3Cb%3E")).isEqualTo(400);
            assertThat(ada.page.locator("#namespace-fault")).isVisible();
            assertThat(ada.page.getByLabel("Namespace (optional)")).hasValue("<b>");
            // The browser knows the same names.
            ada.page.getByLabel("Namespace (optional)").fill("<i>");
            button(ada.page, "Open").click();
            assertThat(ada.path()).contains("namespace=%3Cb%3E");
            ada.page.getByLabel("Namespace (optional)").fill("a.b-c");
            button(ada.page, "Open").click();
            assertThat(ada.path()).endsWith("/configuration/test/a.b-c");
        }
    }

    private static void release(Page page, String key, String value) {
        page.getByLabel("New key").first().fill(key);
        page.getByLabel("Value").first().fill(value);
        button(page, "Save the draft and see the difference").click();
        assertThat(page.locator(".diff-after")).containsText(value);
        button(page, "Publish 1 change").click();
    }

    private static Locator items(Page page) {
        return page.locator("section[aria-labelledby=items]");
    }

    private static Locator chosen(Page page) {
        return page.locator(".chooser [aria-current]");
    }

    private static Locator.GetByRoleOptions among(String name) {
        return new Locator.GetByRoleOptions().setName(name).setExact(true);
    }

    private static Page.GetByLabelOptions exact() {
        return new Page.GetByLabelOptions().setExact(true);
    }
}
