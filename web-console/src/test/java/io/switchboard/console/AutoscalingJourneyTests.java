package io.switchboard.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.switchboard.console.OrderJourneyTests.button;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A tenant sees first what autoscaling would do, then has it done. */
class AutoscalingJourneyTests {

    private final Stage stage = Stage.get();

    private UUID instance(String name) {
        return stage.platform.world().runningInstance("acme", name);
    }

    @Test
    void whatItWouldDoIsSeenBeforeItActs() {
        try (Visit ada = stage.visit("ada")) {
            Page page = ada.page;
            ada.open("/instances/" + instance("follows-load") + "/autoscaling");
            assertThat(page.getByText("The load was not looked at yet.")).isVisible();

            page.getByText("Recommend only").click();
            page.getByLabel("Time zone").fill("Europe/Berlin");
            button(page, "Save").click();
            assertThat(page.locator("[data-look]")).containsText("12 calls in progress, 18 in 3 min as they go");
            assertThat(page.locator(".entries li")).containsText("recommended");
            assertThat(page.getByLabel("Time zone")).hasValue("Europe/Berlin");

            page.getByText("Act", new Page.GetByTextOptions().setExact(true)).click();
            page.getByLabel("Fewest tasks").fill("3");
            button(page, "Save").click();
            assertThat(page.locator(".lead")).hasText("3 tasks are wanted now; the order takes 5 at its busiest.");
            assertThat(page.locator(".entries li")).containsText("5 → 3");
            assertThat(page.getByLabel("Fewest tasks")).hasValue("3");
            assertThat(ada.complaints()).isEmpty();
        }
    }

    @Test
    void whatIsWrongIsSaidAtItsFieldAndNothingTypedIsLost() {
        try (Visit ada = stage.visit("ada")) {
            Page page = ada.page;
            ada.open("/instances/" + instance("typed-wrong") + "/autoscaling");

            page.getByLabel("How the load spreads").fill("one two");
            button(page, "Save").click();
            assertThat(page.locator("#shape-fault")).containsText("Numbers with spaces between");
            assertThat(page.getByLabel("How the load spreads")).hasValue("one two");

            page.getByLabel("How the load spreads").fill("");
            page.getByLabel("Most tasks").fill("11");
            button(page, "Save").click();
            assertThat(page.locator("#maxTasks-fault")).containsText("must be at most 10, as the plan says");
            assertThat(page.getByRole(AriaRole.ALERT).first()).containsText("INVALID_REQUEST");
            assertThat(page.getByLabel("Most tasks")).hasValue("11");
        }
    }

    @Test
    void anotherTenantsInstanceIsNotFound() {
        UUID instance = stage.platform.world().runningInstance("globex", "their-load");
        try (Visit ada = stage.visit("ada")) {
            assertThat(ada.open("/instances/" + instance + "/autoscaling")).isEqualTo(404);
        }
    }
}
