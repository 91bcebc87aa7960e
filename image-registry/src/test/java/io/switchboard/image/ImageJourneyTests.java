package io.switchboard.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.contracts.image.ImagesApi.ImageView;
import io.switchboard.contracts.image.ImagesApi.PullCredential;
import io.switchboard.contracts.image.ImagesApi.VersionPin;
import io.switchboard.contracts.image.ImagesApi.VersionView;
import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;

/** A real registry, a real client, and this service between them. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        useMainMethod = SpringBootTest.UseMainMethod.ALWAYS)
@Import(Surroundings.class)
class ImageJourneyTests {

    private static final int REGISTRY = FreePorts.next();
    private static final Path HOME = Surroundings.temporary();
    private static final String ACME = "acme-key:right";
    private static final String GLOBEX = "globex-key:right";
    private static final String OPERATOR = "root:right";

    private final Skopeo skopeo = new Skopeo(HOME, REGISTRY);
    private RestTestClient http = RestTestClient.bindToServer().build();

    @DynamicPropertySource
    static void surroundings(DynamicPropertyRegistry properties) {
        RequiredPrograms.dockerRegistry();
        Surroundings.describe(properties, REGISTRY);
    }

    @BeforeEach
    void connect(@LocalServerPort int port) {
        http = RestTestClient.bindToServer().baseUrl("http://127.0.0.1:" + port).build();
        // The service is up before its registry is.
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    try (var registry = new Socket("127.0.0.1", REGISTRY)) {
                        return registry.isConnected();
                    }
                });
    }

    @Test
    void aTenantPushesItsOwnImageAndFindsItListed() throws Exception {
        var image = OciLayout.write(HOME.resolve("own"), "own");

        assertThat(skopeo.push(image, "acme/ivr-menu:1", ACME)).matches(Skopeo.Result::ok, "pushed");
        assertThat(skopeo.push(image, "acme/ivr-menu:latest", ACME)).matches(Skopeo.Result::ok, "pushed");
        assertThat(skopeo.pull("acme/ivr-menu:1", ACME)).matches(Skopeo.Result::ok, "pulled");

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(images("acme", "acme/ivr-menu"))
                        .hasSize(1)
                        .first()
                        .satisfies(found -> {
                            assertThat(found.tags()).containsExactly("1", "latest");
                            assertThat(found.digest()).isEqualTo(image.digest());
                            assertThat(found.sizeBytes()).isEqualTo(image.sizeBytes());
                            assertThat(found.pushedBy()).contains("acme-key");
                            assertThat(found.pushedAt()).isPresent();
                        }));
        assertThat(images("globex", "acme/ivr-menu")).isEmpty();
        assertThat(images("operator", "acme/ivr-menu")).hasSize(1);
    }

    @Test
    void aTenantReachesNothingOfAnother() throws Exception {
        var image = OciLayout.write(HOME.resolve("foreign"), "foreign");
        assertThat(skopeo.push(image, "globex/app:1", GLOBEX)).matches(Skopeo.Result::ok, "pushed");

        assertThat(skopeo.push(image, "globex/app:2", ACME)).matches(Skopeo.Result::denied, "denied");
        assertThat(skopeo.pull("globex/app:1", ACME)).matches(Skopeo.Result::denied, "denied");
        assertThat(skopeo.push(image, "acme2/app:1", ACME)).matches(Skopeo.Result::denied, "denied");
        assertThat(skopeo.pullAnonymously("globex/app:1")).matches(Skopeo.Result::denied, "denied");
    }

    @Test
    void whatThePlatformOwnsIsPulledByAllAndPushedByOperators() throws Exception {
        var image = OciLayout.write(HOME.resolve("platform"), "platform");

        assertThat(skopeo.push(image, "platform/acd:1", ACME)).matches(Skopeo.Result::denied, "denied");
        assertThat(skopeo.push(image, "platform/acd:1", "platform-key:right")).matches(Skopeo.Result::denied, "denied");
        assertThat(skopeo.push(image, "platform/acd:1", OPERATOR)).matches(Skopeo.Result::ok, "pushed");
        assertThat(skopeo.pull("platform/acd:1", ACME)).matches(Skopeo.Result::ok, "pulled");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(images("acme", "platform/acd")).hasSize(1));
    }

    @Test
    void loggingInNeedsTheRightPassword() throws Exception {
        assertThat(skopeo.logIn("acme-key", "right")).matches(Skopeo.Result::ok, "logged in");
        assertThat(skopeo.logIn("acme-key", "wrong")).matches(Skopeo.Result::denied, "denied");
        assertThat(skopeo.logIn("nobody", "right")).matches(Skopeo.Result::denied, "denied");
    }

    @Test
    void anEnginePullsWithACredentialForOneRepository() throws Exception {
        var image = OciLayout.write(HOME.resolve("engine"), "engine");
        skopeo.push(image, "acme/engine:1", ACME);
        skopeo.push(image, "acme/other:1", ACME);

        var credential = Optional.ofNullable(http.get()
                        .uri("/internal/v1/pull-credential?repository=acme/engine")
                        .header(HttpHeaders.AUTHORIZATION, "Bearer service")
                        .exchange()
                        .expectBody(PullCredential.class)
                        .returnResult()
                        .getResponseBody())
                .orElseThrow();
        var pair = credential.user() + ":" + credential.secret();
        assertThat(credential.registry()).isEqualTo("127.0.0.1:" + REGISTRY);
        assertThat(skopeo.pull("acme/engine:1", pair)).matches(Skopeo.Result::ok, "pulled");
        assertThat(skopeo.pull("acme/other:1", pair)).matches(Skopeo.Result::denied, "denied");
        assertThat(skopeo.push(image, "acme/engine:2", pair)).matches(Skopeo.Result::denied, "denied");
        http.get()
                .uri("/internal/v1/pull-credential?repository=acme/engine")
                .header(HttpHeaders.AUTHORIZATION, "Bearer acme")
                .exchange()
                .expectStatus()
                .isForbidden();
    }

    @Test
    void aVersionMeansOneDigestForGood() throws Exception {
        var first = OciLayout.write(HOME.resolve("first"), "first");
        var second = OciLayout.write(HOME.resolve("second"), "second");
        assertThat(skopeo.push(first, "acme/pinned:1", ACME)).matches(Skopeo.Result::ok, "pushed");
        assertThat(skopeo.push(second, "acme/pinned:2", ACME)).matches(Skopeo.Result::ok, "pushed");

        pin("acme", "acme/pinned", "1.0", first.digest()).expectStatus().isOk();
        pin("acme", "acme/pinned", "1.0", first.digest()).expectStatus().isOk();
        assertProblem(pin("acme", "acme/pinned", "1.0", second.digest()), 409, "VERSION_IMMUTABLE");
        assertProblem(pin("operator", "acme/pinned", "1.0", second.digest()), 409, "VERSION_IMMUTABLE");
        pin("operator", "acme/pinned", "1.1", second.digest()).expectStatus().isOk();

        assertThat(versions("acme")).extracting(VersionView::version).containsExactly("1.1", "1.0");
        assertThat(versions("acme")).extracting(VersionView::digest).containsExactly(second.digest(), first.digest());
        assertThat(versions("globex")).isEmpty();
        assertThat(versions("acm")).isEmpty();
        assertThat(versions("operator"))
                .extracting(VersionView::repository)
                .filteredOn("acme/pinned"::equals)
                .hasSize(2);
        skopeo.push(first, "platform/pinned-for-all:1", OPERATOR);
        pin("operator", "platform/pinned-for-all", "1.0", first.digest())
                .expectStatus()
                .isOk();
        for (var tenant : List.of("acme", "globex")) {
            assertThat(versions(tenant)).extracting(VersionView::repository).contains("platform/pinned-for-all");
        }
    }

    @Test
    void whatCanNotBePinnedIsAProblem() throws Exception {
        var image = OciLayout.write(HOME.resolve("problem"), "problem");
        skopeo.push(image, "acme/problem:1", ACME);
        skopeo.push(image, "platform/problem:1", OPERATOR);
        var unknown = "sha256:" + "0".repeat(64);

        assertProblem(pin("acme", "acme/problem", "1", unknown), 404, "IMAGE_NOT_FOUND");
        assertProblem(pin("acme", "acme/nothing", "1", image.digest()), 404, "IMAGE_NOT_FOUND");
        assertProblem(pin("globex", "acme/problem", "1", image.digest()), 404, "NOT_FOUND");
        assertProblem(pin("acme", "platform/problem", "1", image.digest()), 403, "FORBIDDEN");
        assertProblem(pin("acme", "acme/problem", ".1", image.digest()), 400, "INVALID_REQUEST");
        assertProblem(pin("acme", "acme/../problem", "1", image.digest()), 400, "INVALID_REQUEST");
        assertProblem(pin("acme", "acme", "1", image.digest()), 400, "INVALID_REQUEST");
        assertProblem(pin("acme", "acme/problem", "1", "latest"), 400, "INVALID_REQUEST");
        assertThat(versions("acme")).noneMatch(version -> version.repository().equals("acme/problem"));
    }

    @Test
    void whatIsNoRepositoryHasNoVersions() {
        http.get()
                .uri("/api/v1/images/versions?repository={repository}", "No Repository!")
                .header(HttpHeaders.AUTHORIZATION, "Bearer acme")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .json("[]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            acme-key:right | service=switchboard-registry                                       | 200 | none
            acme-key:right | service=switchboard-registry&scope=repository:globex/app:pull      | 200 | none
            acme-key:right | service=switchboard-registry&scope=repository:acme/app             | 400 | INVALID_SCOPE
            acme-key:right | service=switchboard-registry&scope=repository:acme/App:pull        | 400 | INVALID_SCOPE
            acme-key:right | service=other                                                      | 400 | INVALID_SERVICE
            acme-key:right | scope=repository:acme/app:pull                                     | 400 | INVALID_SERVICE
            some-key:wrong | service=switchboard-registry                                       | 401 | UNAUTHORIZED
            none           | service=switchboard-registry&scope=repository:platform/acd:pull    | 401 | UNAUTHORIZED
            """)
    void theTokenEndPointAnswersInTheRegistrysForm(String credential, String query, int status, String code) {
        var request = http.get().uri("/token?" + query);
        if (credential != null) {
            var colon = credential.indexOf(':');
            request.headers(
                    headers -> headers.setBasicAuth(credential.substring(0, colon), credential.substring(colon + 1)));
        }

        var answer = request.exchange();

        answer.expectStatus().isEqualTo(status);
        if (status == 200) {
            answer.expectBody()
                    .jsonPath("$.token")
                    .isNotEmpty()
                    .jsonPath("$.expires_in")
                    .isEqualTo(300);
        } else {
            answer.expectBody().jsonPath("$.errors[0].code").isEqualTo(code);
        }
        if (status == 401) {
            answer.expectHeader().exists(HttpHeaders.WWW_AUTHENTICATE);
        }
    }

    @Test
    void onlyTheRegistryReportsWhatHappenedToIt() {
        for (var credential : List.of("Bearer acme", "Bearer service", "Bearer ", "Basic eDp5")) {
            http.post()
                    .uri("/registry/notifications")
                    .header(HttpHeaders.AUTHORIZATION, credential)
                    .contentType(MediaType.parseMediaType("application/vnd.docker.distribution.events.v1+json"))
                    .body("{\"events\":[]}".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .exchange()
                    .expectStatus()
                    .isUnauthorized();
        }
    }

    private List<ImageView> images(String who, String repository) {
        var found = http.get()
                .uri("/api/v1/images?repository={repository}", repository)
                .header(HttpHeaders.AUTHORIZATION, "Bearer " + who)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(ImageView[].class)
                .returnResult()
                .getResponseBody();
        return Optional.ofNullable(found).map(Arrays::asList).orElse(List.of());
    }

    private List<VersionView> versions(String who) {
        var found = http.get()
                .uri("/api/v1/images/versions")
                .header(HttpHeaders.AUTHORIZATION, "Bearer " + who)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(VersionView[].class)
                .returnResult()
                .getResponseBody();
        return Optional.ofNullable(found).map(Arrays::asList).orElse(List.of());
    }

    private RestTestClient.ResponseSpec pin(String who, String repository, String version, String digest) {
        return http.put()
                .uri("/api/v1/images/versions?repository={repository}&version={version}", repository, version)
                .header(HttpHeaders.AUTHORIZATION, "Bearer " + who)
                .contentType(MediaType.APPLICATION_JSON)
                .body(new VersionPin(digest))
                .exchange();
    }

    private static void assertProblem(RestTestClient.ResponseSpec answer, int status, String code) {
        answer.expectStatus()
                .isEqualTo(status)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo(code);
    }
}
