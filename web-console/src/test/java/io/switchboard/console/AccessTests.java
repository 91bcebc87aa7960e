package io.switchboard.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.options.FormData;
import com.microsoft.playwright.options.RequestOptions;
import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.ordering.OrderRequest;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may see what, and what keeps a session from being misused. */
class AccessTests {

    private final Stage stage = Stage.get();

    @Test
    void aTenantFindsNoOpsConsole() {
        try (Visit ada = stage.visit("ada")) {
            assertThat(ada.open("/ops")).isEqualTo(404);
            assertThat(ada.page.locator("h1")).hasText("There is nothing here");
            assertThat(ada.open("/ops/orders")).isEqualTo(404);
        }
    }

    @Test
    void anotherTenantsInstanceIsNotFound() {
        UUID globex = stage.platform
                .world()
                .place("globex", "access-1", open("theirs"))
                .instanceId();

        try (Visit ada = stage.visit("ada")) {
            assertThat(ada.open("/instances/" + globex)).isEqualTo(404);
            assertThat(ada.page.getByText("NOT_FOUND")).isVisible();
        }
        try (Visit olga = stage.visit("olga")) {
            assertThat(olga.open("/instances/" + globex)).isEqualTo(200);
        }
    }

    @Test
    void anOperatorStartsAtTheOpsConsole() {
        try (Visit olga = stage.visit("olga")) {
            olga.open("/");

            assertThat(olga.path()).isEqualTo("/ops");
        }
    }

    @Test
    void somebodyWithoutARoleIsToldSo() {
        try (Visit nick = stage.visit("nick")) {
            assertThat(nick.open("/catalog")).isEqualTo(403);
            assertThat(nick.page.getByText("FORBIDDEN")).isVisible();
        }
    }

    @Test
    void aFormWithoutItsTokenIsRefused() {
        int before = stage.platform.world().ordersPlaced();

        try (Visit ada = stage.visit("ada")) {
            APIResponse answer = ada.page
                    .request()
                    .post(
                            stage.console + "/orders",
                            RequestOptions.create()
                                    .setForm(FormData.create()
                                            .set("serviceType", "acd")
                                            .set("name", "forged")));

            assertThat(answer.status()).isEqualTo(403);
        }
        assertThat(stage.platform.world().ordersPlaced()).isEqualTo(before);
    }

    @Test
    void pagesAllowNoForeignAndNoInlineScript() {
        try (Visit ada = stage.visit("ada")) {
            Map<String, String> headers =
                    ada.page.request().get(stage.console + "/catalog").headers();

            assertThat(headers.get("content-security-policy"))
                    .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(headers).containsEntry("x-content-type-options", "nosniff");
        }
    }

    @Test
    void signingOutEndsTheSessionHereAndAtTheIssuer() {
        try (Visit bob = stage.stranger(false)) {
            bob.open("/catalog");
            Stage.fillLogin(bob.page, "bob");
            assertThat(bob.page.locator("h1")).hasText("Catalog");

            OrderJourneyTests.button(bob.page, "Sign out").click();

            assertThat(bob.page.locator("input[name=password]")).isVisible();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"//example.org/", "/{catalog}"})
    void preferencesLeadNowhereElse(String back) {
        try (Visit ada = stage.visit("ada")) {
            ada.open("/catalog");
            ada.page.evaluate("back => document.querySelector('[name=back]').value = back", back);

            ada.page.locator("button[value=zh]").click();

            assertThat(ada.path()).isEqualTo("/");
            assertThat(ada.page.locator("h1")).hasText("我的服务");
        }
    }

    private static OrderRequest.Open open(String name) {
        return new OrderRequest.Open("acd", "standard", name, new LoadProfile(10, 100, 60), Map.of(), null);
    }
}
