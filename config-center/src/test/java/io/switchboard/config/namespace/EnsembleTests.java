package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.config.namespace.Center.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingCluster;
import org.apache.zookeeper.client.FourLetterWordMain;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** A center and its clients on an ensemble of three whose members come and go. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EnsembleTests {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TestingCluster ensemble = new TestingCluster(3);
    private final Center center;
    private final Desk desk;
    private final ConfigurableApplicationContext task;
    private final WaitingClient polling;
    private final WaitingClient streaming;

    /** What was published, oldest first. */
    private final List<Integer> published = new ArrayList<>();

    EnsembleTests(@TempDir Path cache) throws Exception {
        ensemble.start();
        allAreBack();
        center = Center.on(ensemble.getConnectString(), "ensemble");
        desk = new Desk(center, "ensemble");
        publish();
        task = desk.task(cache);
        polling = WaitingClient.polling(desk);
        streaming = WaitingClient.streaming(desk);
        clientsFollow();
    }

    @AfterAll
    void stop() throws Exception {
        streaming.close();
        polling.close();
        task.close();
        center.close();
        ensemble.close();
    }

    @Test
    void aFollowerGoesAndComesBack() throws Exception {
        InstanceSpec follower = members("follower").getFirst();
        ensemble.killServer(follower);
        publish();
        clientsFollow();

        ensemble.restartServer(follower);
        allAreBack();
        publish();
        clientsFollow();
    }

    @Test
    void theLeaderGoesAndAnotherOneLeads() throws Exception {
        for (int round = 0; round < 2; round++) {
            InstanceSpec leader = members("leader").getFirst();
            ensemble.killServer(leader);
            await().atMost(PATIENCE).until(() -> !members("leader").isEmpty());
            publish();
            clientsFollow();

            ensemble.restartServer(leader);
            allAreBack();
        }
        publish();
        clientsFollow();
    }

    @Test
    void twoOfThreeGoAndNothingIsWrittenUntilOneIsBack() throws Exception {
        List<InstanceSpec> away = List.copyOf(ensemble.getInstances()).subList(0, 2);
        for (InstanceSpec member : away) {
            ensemble.killServer(member);
        }
        await().atMost(PATIENCE).until(() -> center.get(desk.namespace(), ACME).status() == 503);
        assertThat(edit(published.size() + 1).status()).isEqualTo(503);
        assertThat(List.of(Desk.attempts(task), polling.attempts(), streaming.attempts()))
                .as("clients keep what they have")
                .containsOnly(published.size());

        for (InstanceSpec member : away) {
            ensemble.restartServer(member);
        }
        allAreBack();
        publish();
        clientsFollow();
    }

    private Answer edit(int attempts) throws Exception {
        return center.put(
                desk.namespace() + "/draft/items", ACME, center.items(Map.of("routing.attempts", "" + attempts)));
    }

    /** The next number, as somebody does who repeats what got no answer. */
    private void publish() {
        int next = published.size() + 1;
        await().atMost(PATIENCE).until(() -> {
            Answer edited = edit(next);
            if (edited.status() == 200) {
                Answer answer = desk.publish(ACME, edited.body().get("revision").asLong());
                return answer.status() == 201 || answer.code().equals("NOTHING_TO_PUBLISH") || unsure(answer);
            }
            return unsure(edited);
        });
        published.add(next);
    }

    /** ZooKeeper gave no answer, or not to the one who wrote: always false, to look again. */
    private static boolean unsure(Answer answer) {
        assertThat(answer.status() == 503 || answer.code().equals("STALE_REVISION"))
                .as(answer.body().toString())
                .isTrue();
        return false;
    }

    private void allAreBack() {
        await().atMost(PATIENCE)
                .until(() ->
                        members("leader").size() == 1 && members("follower").size() == 2);
    }

    /** All have what was published last, and each number was released once. */
    private void clientsFollow() throws Exception {
        int last = published.getLast();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(List.of(Desk.attempts(task), polling.attempts(), streaming.attempts()))
                        .containsOnly(last));
        await().atMost(PATIENCE).untilAsserted(() -> {
            Answer releases = center.get(desk.namespace() + "/releases", ACME);
            assertThat(releases.status()).isEqualTo(200);
            assertThat(releases.body()
                            .valueStream()
                            .mapToLong(release -> release.get("number").asLong())
                            .sorted())
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, last).boxed().toList());
        });
    }

    /** Members that say they are this now. */
    private List<InstanceSpec> members(String mode) {
        return ensemble.getInstances().stream()
                .filter(member -> mode(member).equals(mode))
                .toList();
    }

    static String mode(InstanceSpec member) {
        try {
            return FourLetterWordMain.send4LetterWord("127.0.0.1", member.getPort(), "srvr")
                    .lines()
                    .filter(line -> line.startsWith("Mode: "))
                    .findFirst()
                    .orElse("Mode: none")
                    .substring(6);
        } catch (Exception away) {
            return "none";
        }
    }
}
