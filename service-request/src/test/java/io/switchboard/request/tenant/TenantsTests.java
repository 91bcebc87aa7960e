package io.switchboard.request.tenant;

import static io.switchboard.request.Service.operator;
import static io.switchboard.request.Service.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.request.RequestTest;
import io.switchboard.request.Service;
import io.switchboard.request.Service.Answer;
import io.switchboard.request.Service.As;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestConstructor;

@RequestTest
@ExtendWith(OutputCaptureExtension.class)
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class TenantsTests {

    private static final String PASSWORD = "a pass phrase of length";

    private final Service service;
    private final JdbcClient jdbc;

    TenantsTests(Service service, JdbcClient jdbc) {
        this.service = service;
        this.jdbc = jdbc;
    }

    @Test
    void aTenantIsCreatedOnceAndItsTitleMayChange() {
        var created = service.put(operator(), "/api/v1/tenants/acme", Map.of("title", "Acme"));
        var changed = service.put(operator(), "/api/v1/tenants/acme", Map.of("title", "Acme Ltd."));

        assertThat(created.status()).isEqualTo(200);
        assertThat(changed.text("title")).isEqualTo("Acme Ltd.");
        assertThat(changed.text("createdAt")).isEqualTo(created.text("createdAt"));
        assertThat(service.get(operator(), "/api/v1/tenants").json())
                .extracting(each -> each.path("name").asString())
                .contains("acme", "demo");
    }

    @Test
    void anApiKeyWorksUntilItIsRevoked(CapturedOutput output) {
        service.put(operator(), "/api/v1/tenants/keys", Map.of("title", "Keys"));

        var issued = service.post(operator(), "/api/v1/tenants/keys/api-keys", Map.of("label", "ci"));

        assertThat(issued.status()).isEqualTo(201);
        assertThat(issued.text("id")).startsWith("sbk-");
        assertThat(issued.text("secret")).hasSize(43);
        assertThat(verify("API_KEY", issued.text("id"), issued.text("secret")))
                .returns(true, answer -> answer.json().path("valid").asBoolean())
                .returns("keys", answer -> answer.text("tenant"))
                .returns("TENANT", answer -> answer.json().at("/roles/0").asString());
        assertThat(valid("API_KEY", issued.text("id"), issued.text("secret") + "x"))
                .isFalse();
        var listed = service.get(operator(), "/api/v1/tenants/keys/api-keys");
        assertThat(listed.body()).contains(issued.text("id")).doesNotContain(issued.text("secret"));

        var path = "/api/v1/tenants/keys/api-keys/" + issued.text("id");
        assertThat(service.delete(operator(), path).status()).isEqualTo(204);
        assertThat(service.delete(operator(), path).status()).isEqualTo(204);
        assertThat(valid("API_KEY", issued.text("id"), issued.text("secret"))).isFalse();
        assertThat(output)
                .contains("audit: api-key.issue of " + issued.text("id") + " in tenant keys by operator")
                .contains("audit: api-key.revoke of " + issued.text("id") + " in tenant keys by operator")
                .doesNotContain(issued.text("secret"));
    }

    @Test
    void aUsersApiKeySaysWhoseItIs(CapturedOutput output) {
        service.put(operator(), "/api/v1/tenants/owners", Map.of("title", "Owners"));
        service.put(operator(), "/api/v1/tenants/others", Map.of("title", "Others"));
        service.put(operator(), "/api/v1/tenants/owners/users/kim", Map.of("password", PASSWORD));

        var issued =
                service.post(operator(), "/api/v1/tenants/owners/api-keys", Map.of("label", "scripts", "user", "kim"));

        assertThat(issued.status()).isEqualTo(201);
        assertThat(verify("API_KEY", issued.text("id"), issued.text("secret")).text("user"))
                .isEqualTo("kim");
        assertThat(service.get(operator(), "/api/v1/tenants/owners/api-keys")
                        .json()
                        .at("/0/user")
                        .asString())
                .isEqualTo("kim");
        assertThat(service.post(operator(), "/api/v1/tenants/others/api-keys", Map.of("label", "x", "user", "kim"))
                        .status())
                .as("somebody else's user")
                .isEqualTo(404);
        assertThat(service.post(operator(), "/api/v1/tenants/owners/api-keys", Map.of("label", "x", "user", "Kim!"))
                        .status())
                .isEqualTo(400);
        assertThat(output)
                .contains("audit: api-key.issue of " + issued.text("id") + " for kim in tenant owners by operator");
    }

    @Test
    void aUserLogsInWithThePasswordSetLast(CapturedOutput output) {
        service.put(operator(), "/api/v1/tenants/people", Map.of("title", "People"));
        service.put(operator(), "/api/v1/tenants/people/users/ada", Map.of("password", "the first password"));

        var user = service.put(operator(), "/api/v1/tenants/people/users/ada", Map.of("password", PASSWORD));

        assertThat(user.status()).isEqualTo(200);
        assertThat(valid("USER", "ada", PASSWORD)).isTrue();
        assertThat(valid("USER", "ada", "the first password")).isFalse();
        assertThat(valid("USER", "nobody", PASSWORD)).isFalse();
        assertThat(verify("USER", "ada", PASSWORD).text("tenant")).isEqualTo("people");
        assertThat(service.get(operator(), "/api/v1/tenants/people/users").json())
                .extracting(each -> each.path("name").asString())
                .containsExactly("ada");
        assertThat(output)
                .contains("audit: user.put of ada in tenant people by operator")
                .doesNotContain(PASSWORD);
    }

    @Test
    void aUserNameBelongsToOneTenant() {
        service.put(operator(), "/api/v1/tenants/first", Map.of("title", "First"));
        service.put(operator(), "/api/v1/tenants/second", Map.of("title", "Second"));
        service.put(operator(), "/api/v1/tenants/first/users/bob", Map.of("password", PASSWORD));

        var taken = service.put(operator(), "/api/v1/tenants/second/users/bob", Map.of("password", PASSWORD));

        assertThat(taken).returns(409, Answer::status).returns("USER_NAME_TAKEN", answer -> answer.text("code"));
        assertThat(service.put(operator(), "/api/v1/tenants/second/users/operator", Map.of("password", PASSWORD))
                        .status())
                .isEqualTo(409);
    }

    @Test
    void thePasswordsOfTheFirstStartWork() {
        assertThat(verify("USER", "operator", "correct horse battery"))
                .returns(true, answer -> answer.json().path("valid").asBoolean())
                .returns("OPERATOR", answer -> answer.json().at("/roles/0").asString())
                .returns(true, answer -> answer.json().path("tenant").isMissingNode());
        assertThat(verify("USER", "demo", "demo of a password").text("tenant")).isEqualTo("demo");
    }

    @Test
    void secretsAreStoredAsHashesOnly() {
        service.put(operator(), "/api/v1/tenants/hashed", Map.of("title", "Hashed"));
        service.put(operator(), "/api/v1/tenants/hashed/users/eve", Map.of("password", PASSWORD));

        assertThat(jdbc.sql("select password_hash from users where name = 'eve'")
                        .query(String.class)
                        .single())
                .startsWith("{bcrypt-sha256}$2a$");
    }

    @Test
    void onlyOperatorsManageTenantsAndOnlyServicesVerify() {
        assertThat(service.get(tenant("acme"), "/api/v1/tenants").status()).isEqualTo(403);
        assertThat(service.put(tenant("acme"), "/api/v1/tenants/acme", Map.of("title", "Mine"))
                        .status())
                .isEqualTo(403);
        assertThat(service.get(new As.OtherService(), "/api/v1/tenants").status())
                .isEqualTo(403);
        assertThat(service.get(new As.Nobody(), "/api/v1/tenants").status()).isEqualTo(401);
        var credential = Map.of("kind", "USER", "name", "ada", "secret", PASSWORD);
        assertThat(service.post(operator(), "/internal/v1/credentials/verify", credential)
                        .status())
                .isEqualTo(403);
    }

    private boolean valid(String kind, String name, String secret) {
        return verify(kind, name, secret).json().path("valid").asBoolean();
    }

    private Answer verify(String kind, String name, String secret) {
        var answer = service.post(
                new As.OtherService(),
                "/internal/v1/credentials/verify",
                Map.of("kind", kind, "name", name, "secret", secret));
        assertThat(answer.status()).isEqualTo(200);
        return answer;
    }
}
