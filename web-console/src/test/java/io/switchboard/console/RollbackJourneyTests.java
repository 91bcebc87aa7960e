package io.switchboard.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.switchboard.console.OrderJourneyTests.button;

import com.microsoft.playwright.options.AriaRole;
import io.switchboard.contracts.config.ValidationApi.Finding;
import io.switchboard.contracts.config.ValidationApi.FindingKind;
import io.switchboard.contracts.config.ValidationApi.Severity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What was taken back shows, and is not published by mistake. */
class RollbackJourneyTests {

    private final Stage stage = Stage.get();

    @Test
    void whatWasTakenBackIsPublishedOnlyIfSomebodySaysSo() {
        String configuration = configured("taken-back");

        try (Visit ada = stage.visit("ada")) {
            ada.open(configuration + "/rollback?from=2&to=1");
            assertThat(ada.page.getByText("What then waits in the draft")).isVisible();
            ada.page.getByLabel("Why").fill("calls dropped");
            button(ada.page, "Go back to release 1").click();

            ada.open(configuration + "/publish");
            assertThat(ada.page.locator(".notice.bad")).containsText("calls dropped");
            assertThat(ada.page.locator(".diff")).containsText("taken back before");
            button(ada.page, "Publish 1 change").click();
            assertThat(ada.page.getByRole(AriaRole.ALERT)).containsText("TAKEN_BACK");

            ada.page.getByLabel("Publish what was taken back all the same").check();
            button(ada.page, "Publish 1 change").click();
            assertThat(ada.page.getByRole(AriaRole.STATUS)).containsText("Published.");
        }
    }

    @Test
    void theDraftMayGoBackTooAndReleasesCompare() {
        String configuration = configured("all-back");

        try (Visit ada = stage.visit("ada")) {
            ada.open(configuration + "/rollback?from=2&to=1");
            ada.page.getByLabel("Discard these changes of the draft too").check();
            button(ada.page, "Go back to release 1").click();
            ada.open(configuration + "/publish");
            assertThat(ada.page.getByText("The draft holds what clients read already"))
                    .isVisible();

            ada.open(configuration + "/compare");
            assertThat(ada.page.getByRole(AriaRole.STATUS)).hasText("No difference.");
            ada.page.getByLabel("From").selectOption("1");
            ada.page.getByLabel("To").selectOption("2");
            button(ada.page, "Compare").click();
            assertThat(ada.page.locator(".diff-before")).containsText("good");
            assertThat(ada.page.locator(".diff-after")).containsText("bad");
        }
    }

    @Test
    void aFreezeIsOverriddenWithAReason() {
        String configuration = configured("frozen");
        stage.platform.config().somebodyElseSets("acme", "frozen", "greeting", "best");
        stage.platform.config().freeze("acme", "frozen", "Quarter's end.");

        try (Visit ada = stage.visit("ada")) {
            ada.open(configuration + "/publish");
            assertThat(ada.page.locator("main")).containsText("Frozen by olga");
            button(ada.page, "Publish 1 change").click();
            assertThat(ada.page.getByRole(AriaRole.ALERT)).containsText("FROZEN");

            ada.page.getByLabel("Why it can't wait").fill("Calls fail");
            button(ada.page, "Publish 1 change").click();
            assertThat(ada.page.getByRole(AriaRole.STATUS)).containsText("Published.");
        }
    }

    @Test
    void whatTheApplicationWouldRefuseIsShownAndPublishedOnlyForAReason() {
        String configuration = configured("unfit");
        stage.platform.config().somebodyElseSets("acme", "unfit", "greeting", "best");
        stage.platform
                .validation()
                .find(
                        "unfit",
                        new Finding(
                                Severity.ERROR,
                                FindingKind.TYPE,
                                "greeting",
                                "It must be a duration.",
                                Optional.empty(),
                                List.of("1.2~00")),
                        new Finding(
                                Severity.WARNING,
                                FindingKind.UNKNOWN,
                                "greting",
                                "The application has no property of this name.",
                                Optional.of("greeting"),
                                List.of("1.2~00")));
        try (Visit ada = stage.visit("ada")) {
            ada.open(configuration + "/publish");
            assertThat(ada.page.locator(".notice.bad")).containsText("greeting: It must be a duration.");
            assertThat(ada.page.locator("main")).containsText("Perhaps greeting?");
            assertThat(ada.page.locator("main")).containsText("1 client at release 1, version 1.2: task-1");
            button(ada.page, "Publish 1 change").click();
            assertThat(ada.page.getByRole(AriaRole.ALERT)).containsText("DRAFT_UNFIT");

            ada.page.getByText("Give it to some clients first").click();
            ada.page.getByLabel("Percent, label or names").fill("50");
            ada.page.getByLabel("Why it is right all the same").fill("The next version takes it");
            button(ada.page, "Start the canary").click();
            assertThat(ada.page.locator("section[aria-labelledby=canary]")).containsText("for 50 % of the clients");

            ada.open(configuration + "/publish");
            ada.page.getByLabel("Why it is right all the same").fill("The next version takes it");
            button(ada.page, "Publish 1 change").click();
            assertThat(ada.page.getByRole(AriaRole.STATUS)).containsText("Published.");
        }
    }

    @Test
    void someOfTheChangesArePublishedAndTheOthersWait() {
        String configuration = configured("part");
        stage.platform.config().somebodyElseSets("acme", "part", "greeting", "best");
        stage.platform.config().somebodyElseSets("acme", "part", "map[a,b]", "1");

        try (Visit ada = stage.visit("ada")) {
            ada.open(configuration + "/publish");
            ada.page.getByText("Publish only some of it").click();
            ada.page.getByLabel("map[a,b]").check();
            button(ada.page, "Publish what is ticked").click();
            assertThat(ada.page.getByRole(AriaRole.STATUS)).containsText("Published.");
            assertThat(ada.page.locator("main")).containsText("1 change waits in the draft");
            assertThat(ada.page.locator("section[aria-labelledby=items] tr:has-text('map[a,b]')"))
                    .containsText("the same");
        }
    }

    @Test
    void aReleaseIsScheduledAndCancelled() {
        String configuration = configured("later");
        stage.platform.config().somebodyElseSets("acme", "later", "greeting", "best");

        try (Visit ada = stage.visit("ada")) {
            schedule(ada, configuration);
            assertThat(ada.page.locator("#scheduled + .scroll")).containsText("waits");
            assertThat(ada.page.locator("#scheduled + .scroll time")).hasAttribute("datetime", "2030-01-02T03:04:00Z");

            button(ada.page, "Cancel it").click();
            assertThat(ada.page.locator("#scheduled + .scroll")).containsText("cancelled");

            schedule(ada, configuration);
            assertThat(ada.page.locator("#scheduled + .scroll")).containsText("waits");
            assertThat(ada.page.locator("#scheduled + .scroll")).containsText("cancelled");
        }
    }

    @Test
    void aDraftGoesToSomeClientsFirstThenToMoreAndIsAbandoned() {
        String configuration = configured("canary");
        stage.platform.config().somebodyElseSets("acme", "canary", "greeting", "best");

        try (Visit ada = stage.visit("ada")) {
            ada.open(configuration + "/publish");
            ada.page.getByText("Give it to some clients first").click();
            ada.page.getByLabel("Which clients").selectOption("label");
            ada.page.getByLabel("Percent, label or names").fill("zone=eu");
            button(ada.page, "Start the canary").click();
            assertThat(ada.page.locator("section[aria-labelledby=canary]"))
                    .containsText("for clients with zone=eu, by ada");
            assertThat(ada.page.locator("section[aria-labelledby=canary]")).containsText("runs it");

            ada.page.getByLabel("Percent, label or names").fill("50");
            button(ada.page, "Give it to these clients instead").click();
            assertThat(ada.page.locator("section[aria-labelledby=canary]")).containsText("for 50 % of the clients");

            ada.page.getByLabel("canary-1").check();
            button(ada.page, "Give it to these clients instead").click();
            assertThat(ada.page.locator("section[aria-labelledby=canary]")).containsText("for canary-1, by ada");

            ada.page.getByLabel("Why abandon it (optional)").fill("too loud");
            button(ada.page, "Abandon it").click();
            assertThat(ada.page.locator("section[aria-labelledby=canary]")).containsText("abandoned");
            assertThat(ada.page.locator("section[aria-labelledby=canary]")).containsText("too loud");
        }
    }

    @Test
    void inAFreezeACanaryGoesToMoreClientsAndToAllOnlyForAReason() {
        String configuration = configured("canary-frozen");
        stage.platform.config().somebodyElseSets("acme", "canary-frozen", "greeting", "best");

        try (Visit ada = stage.visit("ada")) {
            ada.open(configuration + "/publish");
            ada.page.getByText("Give it to some clients first").click();
            ada.page.getByLabel("Percent, label or names").fill("10");
            button(ada.page, "Start the canary").click();
            assertThat(ada.page.locator("section[aria-labelledby=canary]")).containsText("for 10 % of the clients");
            assertThat(ada.page.getByLabel("Why it can't wait")).hasCount(0);

            stage.platform.config().freeze("acme", "canary-frozen", "Quarter's end.");
            ada.page.getByLabel("Which clients").selectOption("instances");
            ada.page.getByLabel("Percent, label or names").fill("task-7");
            ada.page.getByLabel("canary-frozen-1").check();
            button(ada.page, "Give it to these clients instead").click();
            assertThat(ada.page.getByRole(AriaRole.ALERT)).containsText("FROZEN");
            assertThat(ada.page.getByLabel("Which clients")).hasValue("instances");
            assertThat(ada.page.getByLabel("Percent, label or names")).hasValue("task-7");
            assertThat(ada.page.getByLabel("canary-frozen-1")).isChecked();
            ada.page.getByLabel("Why it can't wait").fill("Calls fail");
            button(ada.page, "Give it to these clients instead").click();
            assertThat(ada.page.locator("section[aria-labelledby=canary]"))
                    .containsText("for canary-frozen-1, task-7, by ada");

            button(ada.page, "Promote it to all clients").click();
            assertThat(ada.page.getByRole(AriaRole.ALERT)).containsText("FROZEN");
            ada.page.getByLabel("Why it can't wait").fill("Calls fail");
            button(ada.page, "Promote it to all clients").click();
            assertThat(ada.page.locator("section[aria-labelledby=canary]")).containsText("promoted");
        }
    }

    @Test
    void whatIsInheritedShowsWhereItComesFromAndWhatItOverrides() {
        String configuration = configured("heir");

        try (Visit ada = stage.visit("ada")) {
            ada.open(configuration);
            assertThat(ada.page.locator("#inherited + .scroll")).containsText("common/telephony Release 7");
            assertThat(ada.page.locator("#inherited + .scroll")).containsText("30s");
            assertThat(ada.page.locator("#inherited + .scroll tbody tr")).hasCount(2);
        }
    }

    private static void schedule(Visit visit, String configuration) {
        visit.open(configuration + "/publish");
        visit.page.getByText("Publish later").click();
        visit.page.getByLabel("When (UTC)").fill("2030-01-02T03:04");
        button(visit.page, "Schedule it").click();
    }

    /** With a second release that is worse than the first one. */
    private String configured(String name) {
        UUID instance = stage.platform.world().runningInstance("acme", name);
        stage.platform.config().publish("acme", name, Map.of("greeting", "good"));
        stage.platform.config().publish("acme", name, Map.of("greeting", "bad"));
        return "/instances/" + instance + "/configuration/prod/application";
    }
}
