package io.switchboard.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.ordering.OrderRequest;
import io.switchboard.contracts.ordering.OrderView;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One tenant's whole way through the console, with and without script. */
class OrderJourneyTests {

    private final Stage stage = Stage.get();

    OrderJourneyTests() {
        // An order takes its time, on a machine that is busy too.
        PlaywrightAssertions.setDefaultAssertionTimeout(20_000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTenantOrdersConfiguresAndDeletes(boolean script) {
        String name = script ? "front-desk" : "back-desk";
        try (Visit ada = stage.visit("ada", script, ColorScheme.LIGHT)) {
            Page page = ada.page;

            ada.open("/catalog");
            page.getByRole(AriaRole.LINK, link("Order Call distribution, Standard"))
                    .click();
            page.getByLabel("Name").fill(name);
            page.getByLabel("Agents").fill("120");
            page.getByLabel("Calls an hour").fill("3000");
            button(page, "Place the order").click();

            assertThat(page).hasURL(Pattern.compile(".*/orders/[0-9a-f-]{36}"));
            assertThat(page.locator("[data-order-state=COMPLETED]")).isVisible();
            assertThat(page.locator(".timeline")).containsText("All 3 tasks take calls.");
            page.getByRole(AriaRole.LINK, link("Go to " + name)).click();

            assertThat(page.locator("[data-instance-state=RUNNING]")).isVisible();
            assertThat(page.getByText("Who gets the next call")).isVisible();
            assertThat(page.getByText("http://" + name + ".acme.switchboard.localhost:8000")
                            .first())
                    .isVisible();
            // The page's own: the navigation has one of all instances.
            page.locator("#main")
                    .getByRole(
                            AriaRole.LINK,
                            new Locator.GetByRoleOptions()
                                    .setName("Configuration")
                                    .setExact(true))
                    .click();
            page.getByRole(AriaRole.LINK, link("Add the first item")).click();
            assertThat(page.locator("#known-keys option[value='acd.greeting']")).hasAttribute("label", "Greeting");
            page.getByLabel("New key").first().fill("acd.greeting");
            page.getByLabel("Value").first().fill("Good day");
            button(page, "Save the draft and see the difference").click();
            assertThat(page.locator(".diff-after")).containsText("Good day");
            page.getByLabel("Why").fill("Be polite");
            button(page, "Publish 1 change").click();
            assertThat(page.getByText("Published. Running clients")).isVisible();
            assertThat(page.getByRole(AriaRole.CELL, cell("Be polite"))).isVisible();

            page.getByRole(AriaRole.LINK, link("Edit")).click();
            page.getByLabel("Value of acd.greeting").fill("What now");
            button(page, "Save the draft and see the difference").click();
            button(page, "Publish 1 change").click();
            page.getByRole(AriaRole.LINK, link("Go back to it")).click();
            // First what changes at once, then what waits in the draft.
            assertThat(page.locator(".diff-before").first()).containsText("What now");
            assertThat(page.locator(".diff-after").first()).containsText("Good day");
            page.getByLabel("Why").fill("Complaints");
            button(page, "Go back to release 1").click();
            assertThat(page.getByText("(back to release 1)")).isVisible();
            assertThat(page.getByText("1 change waits in the draft")).isVisible();

            page.getByRole(AriaRole.LINK, link(name)).click();
            page.getByRole(AriaRole.LINK, link("Delete")).click();
            page.getByLabel("Type " + name).fill("another");
            button(page, "Delete " + name + " for good").click();
            assertThat(page.locator(".fault")).containsText("not the name");
            page.getByLabel("Type " + name).fill(name);
            button(page, "Delete " + name + " for good").click();
            assertThat(page.locator("[data-order-state=COMPLETED]")).isVisible();

            assertThat(ada.complaints().stream().filter(text -> !text.contains("400")))
                    .isEmpty();
        }
    }

    /** The service ends a stream when the token ends that the console opened it with. */
    @Test
    void aPageFollowsItsOrderToTheEndOverStreamsThatEndBefore() {
        int before = stage.platform.streamsOpened();
        stage.platform.shortLivedStreams(true);
        try (Visit ada = stage.visit("ada")) {
            OrderView order = stage.platform
                    .world()
                    .place(
                            "acme",
                            "short-lived-streams",
                            new OrderRequest.Open(
                                    "acd", "standard", "relay-desk", new LoadProfile(120, 3_000, 180), Map.of(), null));

            stage.platform.world().pause(order.instanceId());

            ada.open("/orders/" + order.id());

            // Or the order might have ended before the page followed it.
            await().until(() -> stage.platform.streamsOpened() > before);
            stage.platform.world().goOn(order.instanceId());
            assertThat(ada.page.locator("[data-order-state=COMPLETED]")).isVisible();
            assertThat(stage.platform.streamsOpened() - before).isGreaterThan(1);
        } finally {
            stage.platform.shortLivedStreams(false);
        }
    }

    static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    static Page.GetByRoleOptions link(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    private static Page.GetByRoleOptions cell(String name) {
        return new Page.GetByRoleOptions().setName(name);
    }
}
