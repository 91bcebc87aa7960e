package io.switchboard.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.switchboard.console.OrderJourneyTests.button;

import com.microsoft.playwright.options.AriaRole;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Items are edited, commented and taken out. */
class ConfigJourneyTests {

    private final Stage stage = Stage.get();

    private String configured(String name, Map<String, String> items) {
        UUID instance = stage.platform.world().runningInstance("acme", name);
        stage.platform.config().publish("acme", name, items);
        return "/instances/" + instance + "/configuration/prod/application";
    }

    @Test
    void aCommentIsReviewedPublishedAndShownWithItsItem() {
        String configuration = configured("said", Map.of("greeting", "Hello", "wait", "30"));

        try (Visit ada = stage.visit("ada")) {
            ada.open(configuration + "/edit");
            ada.page.locator("summary:has-text('Comment wait')").click();
            ada.page.getByLabel("Comment of wait").fill("In seconds.\nAt most 60.");
            button(ada.page, "Save the draft and see the difference").click();

            assertThat(ada.page.locator(".diff")).containsText("comment changed");
            assertThat(ada.page.locator(".diff-comment .diff-after"))
                    .containsText(new String[] {"In seconds.", "At most 60."});
            button(ada.page, "Publish 1 change").click();
            assertThat(ada.page.getByRole(AriaRole.STATUS)).containsText("Published.");
            assertThat(ada.page.locator("section[aria-labelledby=items] tr:has-text('wait') .comment"))
                    .hasText("In seconds.\nAt most 60.");

            ada.open(configuration + "/edit");
            assertThat(ada.page.getByLabel("Comment of wait")).hasValue("In seconds.\nAt most 60.");
            ada.page.getByLabel("Comment of wait").fill("");
            button(ada.page, "Save the draft and see the difference").click();
            assertThat(ada.page.locator(".diff-comment .diff-before"))
                    .containsText(new String[] {"In seconds.", "At most 60."});
            button(ada.page, "Discard the draft").click();
            ada.open(configuration + "/publish");
            assertThat(ada.page.getByText("The draft holds what clients read already"))
                    .isVisible();
        }
    }

    @Test
    void anItemThatIsTakenOutIsGone() {
        String configuration = configured("taken-out", Map.of("greeting", "Hello", "wait", "30"));

        try (Visit ada = stage.visit("ada")) {
            ada.open(configuration + "/edit");
            ada.page.getByLabel("Take out wait").check();
            button(ada.page, "Save the draft and see the difference").click();
            assertThat(ada.page.locator(".diff")).containsText("taken out");
            button(ada.page, "Publish 1 change").click();

            assertThat(ada.page.getByRole(AriaRole.STATUS)).containsText("Published.");
            assertThat(ada.page.locator("section[aria-labelledby=items] tbody tr"))
                    .hasCount(1);
        }
    }
}
