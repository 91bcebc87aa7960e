package io.switchboard.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.switchboard.console.OrderJourneyTests.button;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;

/** A tenant brings a domain along, is told what DNS must show, and sees when it does and when it doesn't any more. */
class DomainsJourneyTests {

    private final Stage stage = Stage.get();

    @Test
    void aTenantClaimsADomainProvesItSeesItsRecordMissingAndDeletesIt() {
        var instance = stage.platform.world().runningInstance("acme", "reception");
        try (Visit ada = stage.visit("ada")) {
            Page page = ada.page;
            ada.open("/instances/" + instance);
            page.getByText("Domains of your own").click();

            page.locator("#domain").fill("*.example.com");
            button(page, "Claim it").click();
            assertThat(page.locator("#domain-fault")).containsText("without wildcards");

            page.locator("#domain").fill("calls.example.com");
            button(page, "Claim it").click();
            var domain = page.locator("[data-domain='calls.example.com']");
            assertThat(domain).containsText("_switchboard-challenge.calls.example.com");
            assertThat(domain).containsText("edge.switchboard.example");

            button(page, "Look for the record of calls.example.com now").click();
            assertThat(page.getByRole(AriaRole.ALERT)).containsText("DOMAIN_NOT_PROVEN");
            button(page, "Look for the record of calls.example.com now").click();
            assertThat(page.locator("[data-domain-state=VERIFIED]")).containsText("No certificate fits");
            assertThat(page.locator("[data-domain-state=VERIFIED] dl")).hasCount(0);

            page.locator("#domain").fill("calls.example.com");
            page.locator("#path").fill("/chat/../admin");
            button(page, "Claim it").click();
            assertThat(page.locator("#path-fault")).containsText("without . and ..");
            assertThat(page.locator("#domain")).hasValue("calls.example.com");
            assertThat(page.locator("#path")).hasValue("/chat/../admin");
            assertThat(page.locator("#path-hint")).containsText("that path and all below it");
            page.locator("#path").fill("/chat");
            button(page, "Claim it").click();
            assertThat(domain.getByRole(AriaRole.HEADING)).hasText("calls.example.com/chat");
            assertThat(page.locator(".entries li").first())
                    .containsText("calls.example.com/chat leads here by another path");

            for (int look = 3; look <= 4; look++) {
                button(page, "Look for the record of calls.example.com now").click();
            }
            assertThat(page.locator("[data-domain-state=MISSING]")).containsText("leads nobody any more from");

            button(page, "Delete calls.example.com").click();
            assertThat(domain).hasCount(0);
            assertThat(page.locator(".entries li").first()).containsText("was deleted");
            assertThat(ada.complaints().stream().filter(text -> !text.contains("409") && !text.contains("400")))
                    .isEmpty();
        }
    }
}
