package io.switchboard.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.switchboard.console.OrderJourneyTests.button;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** One user changes, another one looks at it, then it is published. */
class ReviewJourneyTests {

    private final Stage stage = Stage.get();

    @Test
    void aDraftIsApprovedByAnotherUserAndPublished() {
        UUID instance = stage.platform.world().runningInstance("acme", "reviewed");
        String configuration = "/instances/" + instance + "/configuration/prod/application";
        stage.platform.config().publish("acme", "reviewed", Map.of("greeting", "Hello"));
        stage.platform.config().somebodyElseSets("acme", "reviewed", "greeting", "Good day");

        try (Visit ada = stage.visit("ada");
                Visit amy = stage.visit("amy")) {
            ada.open(configuration + "/rules");
            ada.page.getByText("Another user approves each draft").click();
            button(ada.page, "Save the rules").click();
            assertThat(ada.page.locator("h1")).hasText("Configuration");

            ada.open(configuration + "/publish");
            assertThat(button(ada.page, "Publish 1 change")).hasCount(0);
            ada.page.getByLabel("Why").fill("new hours");
            button(ada.page, "Ask for a review").click();
            assertThat(ada.page.getByText("Waits for a review")).isVisible();
            assertThat(button(ada.page, "Approve")).hasCount(0);

            amy.open(configuration + "/publish");
            assertThat(amy.page.locator("main")).containsText("Asked for by ada");
            assertThat(amy.page.locator("main")).containsText(": new hours");
            amy.page.getByLabel("Why").fill("fine");
            button(amy.page, "Approve").click();
            assertThat(amy.page.locator("main")).containsText("Decided by amy");

            ada.open(configuration + "/publish");
            button(ada.page, "Publish 1 change").click();
            assertThat(ada.page.getByRole(AriaRole.STATUS)).containsText("Published.");

            ada.open(configuration + "/rules");
            ada.page.getByText("Another user approves each draft").click();
            button(ada.page, "Save the rules").click();
            assertThat(ada.page.locator("[role=alert]")).containsText("RULES_IN_FORCE");
            assertThat(ada.complaints().stream().filter(text -> !text.contains("403")))
                    .isEmpty();
        }
    }
}
