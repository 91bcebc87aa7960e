package io.switchboard.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FormData;
import com.microsoft.playwright.options.RequestOptions;
import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.ordering.OrderRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What happens to input that is refused, repeated or overtaken: it is explained and never lost. */
class RefusalTests {

    private final Stage stage = Stage.get();

    @Test
    void aRefusedOrderIsExplainedAtItsFieldsAndKeepsTheInput() {
        try (Visit ada = stage.visit("ada")) {
            Page page = ada.page;
            ada.open("/orders/new?serviceType=acd");
            page.getByLabel("Name").fill("spelled");
            page.getByLabel("Greeting").fill("<b>Hello</b>");
            page.getByLabel("Longest wait, seconds").fill("120");

            OrderJourneyTests.button(page, "Place the order").click();

            assertThat(page.locator("[id='parameters.greeting-fault']")).hasText("must not contain '<'");
            assertThat(page.getByText("Correct the parameters named in 'errors'"))
                    .isVisible();
            assertThat(page.getByLabel("Name")).hasValue("spelled");
            assertThat(page.getByLabel("Longest wait, seconds")).hasValue("120");
        }
    }

    @Test
    void aNameThatIsTakenIsExplainedAtTheName() {
        stage.platform.world().place("acme", "refusal-1", open("taken"));

        try (Visit ada = stage.visit("ada")) {
            ada.open("/orders/new?serviceType=acd");
            ada.page.getByLabel("Name").fill("taken");
            OrderJourneyTests.button(ada.page, "Place the order").click();

            assertThat(ada.page.locator("#name-fault")).containsText("named 'taken' already");
            assertThat(ada.page.getByText("Choose another name")).isVisible();
        }
    }

    @Test
    void anOrderOfNothingLeadsToTheCatalog() {
        try (Visit ada = stage.visit("ada")) {
            ada.open("/orders/new");

            assertThat(ada.path()).isEqualTo("/catalog");
        }
    }

    @Test
    void theSameFormSentTwiceOrdersOnce() {
        try (Visit ada = stage.visit("ada")) {
            ada.open("/orders/new?serviceType=ivr");
            int before = stage.platform.world().ordersPlaced();
            FormData form = FormData.create()
                    .set("_csrf", ada.page.locator("form.form [name=_csrf]").inputValue())
                    .set("key", ada.page.locator("[name=key]").inputValue())
                    .set("serviceType", "ivr")
                    .set("plan", "standard")
                    .set("name", "twice")
                    .set("loadProfile.agents", "5")
                    .set("loadProfile.callsPerHour", "50")
                    .set("loadProfile.averageHandlingSeconds", "60");

            APIResponse first = send(ada, form);
            APIResponse second = send(ada, form);

            assertThat(second.headers().get("location"))
                    .isEqualTo(first.headers().get("location"));
            assertThat(stage.platform.world().ordersPlaced()).isEqualTo(before + 1);
        }
    }

    private APIResponse send(Visit visit, FormData form) {
        return visit.page
                .request()
                .post(
                        stage.console + "/orders",
                        RequestOptions.create().setForm(form).setMaxRedirects(0));
    }

    @Test
    void discardingSaysThatEncryptedChangesStay() {
        UUID instance = stage.platform
                .world()
                .place("acme", "refusal-kept", open("kept"))
                .instanceId();
        stage.platform.config().publish("acme", "kept", Map.of("greeting", "Hello"));
        stage.platform.config().somebodyElseSets("acme", "kept", "greeting", "Hullo");
        stage.platform.config().somebodyElseEncrypts("acme", "kept", "password");

        try (Visit ada = stage.visit("ada")) {
            ada.open("/instances/" + instance + "/configuration/prod/application/publish");
            OrderJourneyTests.button(ada.page, "Discard the draft").click();

            assertThat(ada.page.getByText("Changes of encrypted items stay in the draft"))
                    .isVisible();
        }
    }

    @Test
    void aValueThatIsToBeEncryptedIsOnNoPageThoughItWasRefused() {
        UUID instance = stage.platform
                .world()
                .place("acme", "refusal-secret", open("kept-secret"))
                .instanceId();

        try (Visit ada = stage.visit("ada")) {
            ada.open("/instances/" + instance + "/configuration/prod/application/secrets");
            ada.page.getByLabel("Key").fill("no key");
            ada.page.getByLabel("New value").fill("hunter2");
            OrderJourneyTests.button(ada.page, "Encrypt it").click();

            assertThat(ada.page.locator("[role=alert]")).containsText("must be a key");
            assertThat(ada.page.getByLabel("Key")).hasValue("no key");
            assertThat(ada.page.getByLabel("New value")).isEmpty();
            assertThat(ada.page.content()).doesNotContain("hunter2");
        }
    }

    @Test
    void anEditThatWasOvertakenKeepsBothSides() {
        UUID instance = stage.platform
                .world()
                .place("acme", "refusal-2", open("overtaken"))
                .instanceId();
        stage.platform.config().publish("acme", "overtaken", Map.of("greeting", "Hello", "limit", "10"));

        try (Visit ada = stage.visit("ada")) {
            Page page = ada.page;
            ada.open("/instances/" + instance + "/configuration/prod/application/edit");
            page.getByLabel("Value of greeting").fill("Hello from Ada");
            stage.platform.config().somebodyElseSets("acme", "overtaken", "greeting", "Hello from Bob");
            stage.platform.config().somebodyElseSets("acme", "overtaken", "limit", "20");
            OrderJourneyTests.button(page, "Save the draft and see the difference")
                    .click();

            assertThat(page.getByText("Somebody else changed the draft meanwhile"))
                    .isVisible();
            assertThat(page.locator(".theirs")).containsText("Hello from Bob");
            assertThat(page.getByLabel("Value of greeting")).hasValue("Hello from Ada");
            assertThat(page.getByLabel("Value of limit")).hasValue("20");

            OrderJourneyTests.button(page, "Save the draft and see the difference")
                    .click();

            assertThat(page.locator(".diff")).containsText("Hello from Ada");
            assertThat(page.locator(".diff")).containsText("20");
        }
    }

    @Test
    void aDraftOfManyRowsIsSavedWhole() {
        UUID instance = stage.platform
                .world()
                .place("acme", "refusal-4", open("many-rows"))
                .instanceId();
        Map<String, String> items = new HashMap<>();
        for (int row = 0; row < 1_200; row++) {
            items.put(
                    "agents.desk-%04d.greeting".formatted(row),
                    "Hello, this is desk number " + row + ", what can I do?");
        }
        stage.platform.config().publish("acme", "many-rows", items);

        try (Visit ada = stage.visit("ada")) {
            Page page = ada.page;
            ada.open("/instances/" + instance + "/configuration/prod/application/edit");
            // By its name: by its label each of the 1,200 rows would be looked at, which takes half a minute.
            assertThat(page.locator("[name='key.1199']")).hasValue("agents.desk-1199.greeting");
            page.locator("[name='value.1199']").fill("Good morning");
            OrderJourneyTests.button(page, "Save the draft and see the difference")
                    .click();

            assertThat(page.locator(".diff-key")).containsText("agents.desk-1199.greeting");
            assertThat(page.locator(".diff")).containsText("Good morning");
        }
    }

    @Test
    void publishingADraftThatChangedPublishesNothing() {
        UUID instance =
                stage.platform.world().place("acme", "refusal-3", open("moved")).instanceId();
        stage.platform.config().publish("acme", "moved", Map.of("greeting", "Hello"));
        stage.platform.config().somebodyElseSets("acme", "moved", "greeting", "Good day");

        try (Visit ada = stage.visit("ada")) {
            ada.open("/instances/" + instance + "/configuration/prod/application/publish");
            stage.platform.config().somebodyElseSets("acme", "moved", "greeting", "Good evening");
            OrderJourneyTests.button(ada.page, "Publish 1 change").click();

            assertThat(ada.page.getByText("Nothing was published")).isVisible();
            assertThat(ada.page.locator(".diff-after")).containsText("Good evening");
        }
    }

    private static OrderRequest.Open open(String name) {
        return new OrderRequest.Open("acd", "standard", name, new LoadProfile(10, 100, 60), Map.of(), null);
    }
}
