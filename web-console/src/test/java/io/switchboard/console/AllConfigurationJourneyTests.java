package io.switchboard.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.switchboard.console.OrderJourneyTests.button;
import static io.switchboard.console.OrderJourneyTests.link;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A text is found and replaced everywhere, and what an instance left is deleted. */
class AllConfigurationJourneyTests {

    private final Stage stage = Stage.get();

    @Test
    void aTextIsReplacedInAllDraftsOnceItWasSeen() {
        stage.platform.config().publish("acme", "found-one", Map.of("trunk", "sip:old.example", "other", "x"));
        stage.platform.config().publish("acme", "found-two", Map.of("trunk", "tls:old.example"));

        try (Visit ada = stage.visit("ada")) {
            Page page = ada.page;
            ada.open("/configuration");
            page.getByLabel("Find a text").fill("old.example");
            button(page, "Find").click();
            assertThat(page.locator("#found")).hasText("2 items have it");

            page.getByLabel("Replace \"old.example\" by").fill("new.example");
            button(page, "See what would change").click();
            assertThat(page.locator(".diff-after").first()).containsText("sip:new.example");
            button(page, "Change 2 drafts").click();
            assertThat(page.getByRole(AriaRole.STATUS)).containsText("Changed 2 drafts");
            ada.open("/configuration?text=old.example");
            assertThat(page.locator("section[aria-labelledby=found] td[data-label=State]"))
                    .hasText(new String[] {"What clients read", "What clients read"});
            assertThat(ada.complaints()).isEmpty();
        }
    }

    @Test
    void aHitSaysWhereItsTextStandsAndIsReplacedOnlyInADraft() {
        stage.platform.config().publish("acme", "found-in", Map.of("a", "sip:read.example", "b", "sip:both.example"));
        stage.platform.config().somebodyElseSets("acme", "found-in", "a", "sip:typed.example");
        stage.platform.config().somebodyElseSays("acme", "found-in", "b", "As agreed with said.example");

        try (Visit ada = stage.visit("ada")) {
            Page page = ada.page;
            Locator states = page.locator("section[aria-labelledby=found] td[data-label=State]");
            Locator replace = page.locator("#replace");
            ada.open("/configuration?text=read.example");
            assertThat(states).hasText(new String[] {"What clients read"});
            assertThat(replace).hasCount(0);
            ada.open("/configuration?text=typed.example");
            assertThat(states).hasText(new String[] {"Draft"});
            assertThat(replace).isVisible();
            ada.open("/configuration?text=both.example");
            assertThat(states).hasText(new String[] {"Draft and what clients read"});
            assertThat(replace).isVisible();
            ada.open("/configuration?text=said.example");
            assertThat(page.locator("section[aria-labelledby=found] .comment")).hasText("As agreed with said.example");
            assertThat(states).hasText(new String[] {"Draft"});
        }
    }

    @Test
    void whatIsFoundLeadsToWhereItIs() {
        UUID instance = stage.platform.world().runningInstance("acme", "found-where");
        stage.platform
                .config()
                .publish("acme", "found-where", "test", "telephony", Map.of("trunk", "sip:where.example"));
        stage.platform
                .config()
                .publish("acme", "found-gone", "test", "telephony", Map.of("trunk", "tls:where.example"));
        String configuration = "/instances/" + instance + "/configuration";

        try (Visit ada = stage.visit("ada")) {
            Page page = ada.page;
            ada.open("/configuration?text=where.example");
            assertThat(page.locator("#found")).hasText("2 items have it");
            assertThat(page.getByRole(AriaRole.LINK, link("found-gone / test / telephony")))
                    .hasCount(0);
            page.getByRole(AriaRole.LINK, link("found-where / test / telephony"))
                    .click();
            assertThat(ada.path()).isEqualTo(configuration + "/test/telephony");

            // It has no stage prod.
            ada.open("/configuration");
            page.getByRole(AriaRole.LINK, link("found-where")).click();
            assertThat(ada.path()).isEqualTo(configuration + "/test/telephony");
            ada.open("/configuration");
            page.getByRole(AriaRole.LINK, link("test found-where")).click();
            assertThat(ada.path()).isEqualTo(configuration + "/test/telephony");
        }
    }

    @Test
    void whatAnInstanceLeftIsDeletedByItsName() {
        stage.platform.config().publish("acme", "left-over", Map.of("a", "1"));
        stage.platform.world().runningInstance("acme", "still-there");
        stage.platform.config().publish("acme", "still-there", Map.of("a", "1"));

        try (Visit ada = stage.visit("ada")) {
            Page page = ada.page;
            ada.open("/configuration");
            assertThat(page.locator("a[href='/configuration/still-there/delete']"))
                    .hasCount(0);
            page.locator("a[href='/configuration/left-over/delete']").click();
            page.getByLabel("Type left-over to confirm").fill("other");
            button(page, "Delete it for good").click();
            assertThat(page.locator("#name-fault")).isVisible();
            page.getByLabel("Type left-over to confirm").fill("left-over");
            button(page, "Delete it for good").click();
            assertThat(page.locator("main")).containsText("still-there");
            assertThat(page.locator("main")).not().containsText("left-over");
        }
    }
}
