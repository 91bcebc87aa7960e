package io.switchboard.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.switchboard.console.OrderJourneyTests.button;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.switchboard.contracts.ordering.OrderRequest;
import io.switchboard.contracts.scheduling.Canary;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hand on what is under way, from ordering an upgrade to running again what ran before. */
class RolloutJourneyTests {

    private final Stage stage = Stage.get();

    RolloutJourneyTests() {
        PlaywrightAssertions.setDefaultAssertionTimeout(20_000);
    }

    @Test
    void aTenantTriesAnUpgradePausesItGoesOnAndPromotesIt() {
        UUID instance = stage.platform.world().runningInstance("acme", "trial-desk");
        try (Visit ada = stage.visit("ada")) {
            Page page = ada.page;

            ada.open("/instances/" + instance);
            link(page, "Upgrade");
            assertThat(page.getByText("platform/acd@sha256:9f2c1d0b7e5a")).isVisible();
            assertThat(tasksOnTrial(page)).isHidden();
            page.getByText("Some on trial first").click();
            page.getByLabel("For how long").fill("30");
            button(page, "Upgrade trial-desk").click();
            assertThat(page).hasURL(Pattern.compile(".*/orders/[0-9a-f-]{36}"));
            assertThat(page.locator(".timeline")).containsText("1 new task is on trial");

            ada.open("/instances/" + instance);
            assertThat(page.locator(".rollout-trial")).containsText("1 task for 30 minutes");
            assertThat(page.locator(".phases .busy")).containsText("compare them with the old ones");
            button(page, "Pause").click();
            assertThat(page.locator(".rollout")).containsText("Paused by the tenant");
            button(page, "Go on").click();
            assertThat(page.locator(".rollout-pause")).hasCount(0);
            button(page, "Promote").click();
            assertThat(page.locator(".rollout-trial")).hasCount(0);
            assertThat(page.locator(".rollout")).hasCount(0);

            assertThat(page.locator("[data-instance-state=RUNNING]")).isVisible();
            assertThat(ada.complaints()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAbortedUpgradeFailsAndWhatRanBeforeRunsAgain(boolean script) {
        String name = script ? "abort-desk" : "abort-office";
        UUID instance = stage.platform.world().runningInstance("acme", name);
        upgrade(instance, name + "-1", null);
        awaitSettled(instance);
        UUID order = upgrade(instance, name + "-2", new Canary(1, 5));
        try (Visit ada = stage.visit("ada", script, ColorScheme.LIGHT)) {
            Page page = ada.page;

            ada.open("/instances/" + instance);
            link(page, "Abort");
            assertThat(page.locator(".lead")).containsText("What ran last as it was ordered, revision 2");
            button(page, "Abort, back to revision 2").click();
            ada.open("/orders/" + order);
            assertThat(page.locator("[data-order-state=FAILED]")).isVisible();
            assertThat(page.getByText("Aborted by the tenant; back to revision 2.")
                            .first())
                    .isVisible();

            ada.open("/instances/" + instance);
            link(page, "Revisions");
            assertThat(page.getByRole(AriaRole.ROW)).hasCount(4);
            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Run revision 3 again"))
                    .click();
            button(page, "Run revision 3 again").click();
            assertThat(page.getByRole(AriaRole.STATUS)).containsText("ran the same as what runs now");
            ada.open("/instances/" + instance + "/revisions/1/run");
            button(page, "Run revision 1 again").click();
            assertThat(page.locator(".phases")).containsText("of revision 4");

            link(page, "History");
            // Newest first, and by now the revision may have taken over.
            assertThat(page.locator(".entries"))
                    .containsText(
                            Pattern.compile("back to what revision 1 ran.*Aborted by the tenant", Pattern.DOTALL));
            assertThat(ada.complaints()).isEmpty();
        }
    }

    @Test
    void anOperatorForcesAPausedRolloutAndKnowsThatCallsAreCut() {
        UUID instance = stage.platform.world().runningInstance("acme", "force-desk");
        try (Visit olga = stage.visit("olga")) {
            Page page = olga.page;

            olga.open("/instances/" + instance + "/rollout");
            button(page, "Pause ahead").click();
            upgrade(instance, "force-desk-1", null);
            olga.open("/instances/" + instance);
            assertThat(page.locator(".rollout")).containsText("Paused by an operator");
            link(page, "Force");
            assertThat(page.locator(".notice")).containsText("Calls that are still going on in tasks that go are cut");
            button(page, "Cut the calls and go on").click();
            assertThat(page.locator(".rollout-cut")).containsText("3 calls were cut");
            button(page, "Go on").click();
            assertThat(page.locator(".rollout")).hasCount(0);
            assertThat(olga.complaints()).isEmpty();
        }
    }

    @Test
    void aTaskThatFinishesItsCallsIsShownAndNeedNotBeWaitedFor() {
        UUID instance = stage.platform.world().runningInstance("acme", "linger-desk");
        stage.platform.world().linger(instance, 3);
        try (Visit ada = stage.visit("ada")) {
            Page page = ada.page;

            ada.open("/instances/" + instance);
            assertThat(page.locator(".rollout-draining")).containsText("3 calls left");
            assertThat(page.locator("#rollout-abort")).hasCount(0);
            link(page, "Force");
            assertThat(page.locator(".rollout-draining")).containsText(Pattern.compile("lingering-1\\s+3 calls left"));
            button(page, "Cut the calls and go on").click();
            assertThat(page.locator(".rollout-draining")).hasCount(0);
            assertThat(ada.complaints()).isEmpty();
        }
    }

    @Test
    void whatIsRefusedIsExplainedWithItsRemedy() {
        UUID instance = stage.platform.world().runningInstance("acme", "calm-desk");
        try (Visit ada = stage.visit("ada")) {
            Page page = ada.page;

            ada.open("/instances/" + instance + "/rollout/force");
            button(page, "Cut the calls and go on").click();
            assertThat(page.getByRole(AriaRole.ALERT)).containsText("NOTHING_UNDER_WAY");
            assertThat(page.getByRole(AriaRole.ALERT)).containsText("roll back to a revision by its number");

            ada.open("/instances/" + instance + "/revisions/77/run");
            button(page, "Run revision 77 again").click();
            assertThat(page.getByRole(AriaRole.ALERT)).containsText("Choose one of the revisions that are listed.");

            ada.open("/instances/" + instance + "/upgrade");
            page.getByText("Some on trial first").click();
            tasksOnTrial(page).fill("");
            button(page, "Upgrade calm-desk").click();
            assertThat(page.locator("[id='canary.tasks-fault']")).hasText("Enter a whole number.");
            assertThat(page.getByLabel("Some on trial first")).isChecked();
        }
    }

    @Test
    void aTaskIsReplacedAndLogsAreFollowed() {
        UUID instance = stage.platform.world().runningInstance("acme", "log-desk");
        try (Visit ada = stage.visit("ada")) {
            Page page = ada.page;

            ada.open("/instances/" + instance);
            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Log of log-desk-1"))
                    .click();
            assertThat(page.getByText("New lines appear as they are written.")).isVisible();
            assertThat(page.locator(".log-line")).hasCount(2);
            write(page, "log-desk-1", "call <b>1</b> from 4711");
            assertThat(page.locator(".log-line").last()).hasText("call <b>1</b> from 4711");
            stage.platform.logs().end("log-desk-1");
            assertThat(page.locator(".log-line").last()).hasText("Task log-desk-1 has ended.");
            assertThat(page.getByText("New lines appear as they are written.")).isHidden();
            link(page, "Log of all tasks");
            assertThat(page.locator(".log-line")).hasCount(5);
            write(page, "log-desk-0", "call 2");
            assertThat(page.locator(".log-line").filter(new Locator.FilterOptions().setHasText("call 2")))
                    .hasText("log-desk-0call 2");

            ada.open("/instances/" + instance);
            button(page, "Replace task log-desk-0").click();
            assertThat(button(page, "Replace task log-desk-10")).isVisible();
            assertThat(button(page, "Replace task log-desk-0")).hasCount(0);
            assertThat(ada.complaints()).isEmpty();
        }
    }

    /** A line that is written before the stream is open comes with what was written before, which is told task by task. */
    private void write(Page page, String task, String line) {
        stage.platform.logs().write(task, line);
        assertThat(page.getByText(line)).isVisible();
    }

    @Test
    void anInstanceStartsAfterOthers() {
        UUID other = stage.platform.world().runningInstance("acme", "first-desk");
        try (Visit ada = stage.visit("ada")) {
            Page page = ada.page;

            ada.open("/orders/new?serviceType=ivr");
            page.getByLabel("Name").fill("second-desk");
            page.getByText("Starts after").first().click();
            page.getByRole(AriaRole.CHECKBOX, new Page.GetByRoleOptions().setName("first-desk"))
                    .check();
            button(page, "Place the order").click();
            assertThat(page).hasURL(Pattern.compile(".*/orders/[0-9a-f-]{36}"));

            UUID order = UUID.fromString(ada.path().substring("/orders/".length()));
            UUID placed = stage.platform.world().order(order).instanceId();
            assertThat(stage.platform.world().dependencies(placed)).containsExactly(other);
        }
    }

    @Test
    void anotherTenantsInstanceIsNotFound() {
        UUID instance = stage.platform.world().runningInstance("globex", "their-desk");
        try (Visit ada = stage.visit("ada")) {
            for (String page : List.of(
                    "/rollout",
                    "/rollout/force",
                    "/rollout/abort",
                    "/upgrade",
                    "/revisions",
                    "/revisions/1/run",
                    "/history",
                    "/log")) {
                assertThat(ada.page
                                .request()
                                .get(stage.console + "/instances/" + instance + page)
                                .status())
                        .as(page)
                        .isEqualTo(404);
            }
            ada.open("/instances/" + instance + "/log/events");
            assertThat(ada.page.getByText("NOT_FOUND")).isVisible();
        }
    }

    private UUID upgrade(UUID instance, String key, @Nullable Canary canary) {
        return stage.platform
                .world()
                .place("acme", key, new OrderRequest.Upgrade(instance, canary))
                .id();
    }

    private void awaitSettled(UUID instance) {
        Awaitility.await().until(() -> stage.platform.world().isSettled(instance));
    }

    private static Locator tasksOnTrial(Page page) {
        return page.getByLabel("Tasks on trial", new Page.GetByLabelOptions().setExact(true));
    }

    private static void link(Page page, String name) {
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true))
                .click();
    }
}
