package io.switchboard.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.switchboard.console.OrderJourneyTests.button;

import com.microsoft.playwright.options.AriaRole;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Items are edited and taken out. */
class ConfigJourneyTests {

    private final Stage stage = Stage.get();

    private String configured(String name, Map<String, String> items) {
        UUID instance = stage.platform.world().runningInstance("acme", name);
        stage.platform.config().publish("acme", name, items);
        return "/instances/" + instance + "/configuration";
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
