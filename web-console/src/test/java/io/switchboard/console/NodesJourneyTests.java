package io.switchboard.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.switchboard.console.OrderJourneyTests.button;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;

/** An operator empties a node for maintenance and sees what still holds it. */
class NodesJourneyTests {

    private final Stage stage = Stage.get();

    @Test
    void anOperatorDrainsANodeSeesWhatHoldsItAndTakesTheDrainBack() {
        try (Visit olga = stage.visit("olga")) {
            Page page = olga.page;
            olga.open("/ops/nodes");

            assertThat(page.locator("[data-node='10.20.0.1'][data-node-state=HELD]"))
                    .containsText("1.95 of 8.00 core");
            assertThat(page.locator("[data-leaving='10.20.0.1'] li").first())
                    .containsText("paused by the tenant since 2026-03-02 07:58:12 UTC; it moves once it is resumed.");
            assertThat(page.locator("[data-leaving='10.20.0.2']")).hasCount(0);

            button(page, "Drain node 10.20.0.2").click();
            assertThat(page.locator("[data-node='10.20.0.2'][data-node-state=DRAINING]"))
                    .isVisible();
            assertThat(page.locator("[data-leaving='10.20.0.2'] li")).hasCount(2);
            button(page, "Use node 10.20.0.2 again").click();
            assertThat(page.locator("[data-node='10.20.0.2'][data-node-state=IN_USE]"))
                    .isVisible();

            button(page, "Drain node 10.20.0.3").click();
            assertThat(page.getByRole(AriaRole.ALERT)).containsText("NODE_NEEDED");
            assertThat(olga.complaints().stream().filter(text -> !text.contains("409")))
                    .isEmpty();
        }
    }

    @Test
    void aTenantFindsNoNodes() {
        try (Visit ada = stage.visit("ada")) {
            assertThat(ada.open("/ops/nodes")).isEqualTo(404);
        }
    }
}
