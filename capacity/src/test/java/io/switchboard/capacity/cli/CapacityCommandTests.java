package io.switchboard.capacity.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class CapacityCommandTests {

    @TempDir
    Path folder = Path.of("");

    @Test
    void aKeptBackRunIsJudgedInOneObjectALine() throws Exception {
        var outcome = run("fit", resource("relay"), "--holdout", resource("relay-busy"), "--json");

        assertThat(outcome.code).isZero();
        assertThat(outcome.text.lines()).hasSize(4).allSatisfy(line -> {
            var json = JsonMapper.shared().readTree(line);
            assertThat(json.get("service").asString()).isEqualTo("voice-rtp");
            assertThat(json.get("mode").asString()).isEqualTo("G.711 relay");
            assertThat(json.get("resource").asString()).isIn("cpu", "mem", "rx", "tx");
            assertThat(json.get("form").asString()).startsWith("c");
            assertThat(json.get("coefficients").size()).isPositive();
            assertThat(json.get("mape").asDouble()).isBetween(0.0, 100.0);
            assertThat(json.get("coverage99").asDouble()).isBetween(0.95, 1.0);
            assertThat(json.get("slack").asDouble()).isBetween(0.0, 0.7);
            assertThat(json.get("violations").isInt()).isTrue();
        });
    }

    @Test
    void aFitPrintsATableAndDrawsAPage() throws Exception {
        var page = folder.resolve("page.html");

        var outcome = run("fit", resource("relay"), "--report", page.toString());

        assertThat(outcome.code).isZero();
        assertThat(outcome.text).contains("G.711 relay").contains("cores");
        assertThat(Files.readString(page))
                .contains("<svg")
                .contains("class=\"bound\"")
                .doesNotContain("NaN");
    }

    @Test
    void keptModelsPlanLikeFreshOnes() throws Exception {
        var models = folder.resolve("models.json").toString();
        run("fit", resource("relay"), "--json", "--models", models, "--saturation", resource("relay-limited"));

        var plan = run("plan", "--service", "voice-rtp", "--calls", "300", "--models", models);

        assertThat(plan.code).isZero();
        assertThat(plan.text).contains("tasks of voice-rtp").contains("core = ").contains("MiB = ");
    }

    @Test
    void theShippedModelsPlanTheExampleOfTheHelp() {
        var plan = run("plan", "--service", "voice-rtp", "--calls", "300", "--json");

        assertThat(plan.code).isZero();
        var json = JsonMapper.shared().readTree(plan.text);
        assertThat(json.get("tasks").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(json.get("cpuMillis").asInt()).isBetween(100, 1_000);
    }

    @Test
    void whatDoesNotFitEndsWithOneAndAnAlternative() {
        var plan = run("plan", "--service", "voice-rtp", "--calls", "3000", "--node", "2x500m/256Mi");

        assertThat(plan.code).isEqualTo(1);
        assertThat(plan.text).contains("Refused: ").contains("Nearest that works");
    }

    @Test
    void whatIsProposedWorks() {
        var terms = new String[] {"--node", "2x500m/256Mi", "--spare", "0"};
        var refused = run("plan", "--service", "voice-rtp", "--calls", "2999", terms[0], terms[1], terms[2], terms[3]);
        var proposed = Pattern.compile("Nearest that works, (\\d+) calls").matcher(refused.text);

        assertThat(proposed.find()).isTrue();
        var again = run(
                "plan", "--service", "voice-rtp", "--calls", proposed.group(1), terms[0], terms[1], terms[2], terms[3]);
        assertThat(again.code).as(again.text).isZero();
    }

    @Test
    void whatOneSecondCanNotTellIsADash() throws Exception {
        var file = folder.resolve("one.csv");
        Files.writeString(file, "service,concurrent_calls,cpu_cores_used\nivr,10,0.2\n");

        var outcome = run(
                "fit", file.toString(), "--report", folder.resolve("one.html").toString());

        assertThat(outcome.code).isZero();
        assertThat(outcome.text).doesNotContain("NaN").contains(" - ");
        assertThat(Files.readString(folder.resolve("one.html"))).doesNotContain("NaN");
    }

    @Test
    void aCallCenterBecomesServicesAndTasks() {
        var outcome = run("demand", "--calls-per-hour", "1200", "--chats-per-hour", "200", "--video", "0.1");

        assertThat(outcome.code).isZero();
        assertThat(outcome.text).contains("agents for 56.0 erlangs").contains("trunk lines");
        assertThat(outcome.text)
                .contains("voice-sip")
                .contains("voice-rtp")
                .contains("ivr")
                .contains("acd")
                .contains("recording")
                .contains("video")
                .contains("web-chat");
    }

    @Test
    void mistakesAreAnsweredInASentence() {
        assertThat(run("fit", "no-such.csv").code).isEqualTo(1);
        assertThat(run("plan", "--service", "voice-rtp").code).isEqualTo(2);
        assertThat(run("plan", "--service", "fax", "--calls", "3").code).isEqualTo(1);
        assertThat(run("plan", "--service", "acd", "--calls", "-3").code).isEqualTo(1);
        assertThat(run("plan", "--service", "acd", "--calls", "3", "--node", "big").code)
                .isEqualTo(1);
    }

    @Test
    void filesThatAreNoneAreNamed() throws Exception {
        var bytes = folder.resolve("bytes.csv");
        Files.write(bytes, new byte[] {'a', (byte) 0xff, (byte) 0xfe, '\n'});

        assertThat(run("fit", bytes.toString()).said).isEqualTo("capacity: a file is no text in UTF-8\n");
        assertThat(run("fit", folder.toString()).said).startsWith("capacity: a file can't be read or written: ");
        assertThat(run("fit", resource("relay"), "--json", "--models", "/no/such/folder/x.json").said)
                .isEqualTo("capacity: there is no such file or folder: /no/such/folder/x.json\n");
    }

    @Test
    void figuresOutOfRangeAreNamedByTheirOption() {
        assertThat(run("plan", "--service", "acd", "--calls", "NaN").said)
                .isEqualTo("capacity: --calls must be 0 to 1,000,000,000\n");
        assertThat(run("plan", "--service", "acd", "--calls", "9", "--hold", "0").said)
                .isEqualTo("capacity: --hold must be 0.1 to 86,400\n");
        assertThat(run("demand", "--calls-per-hour", "-1").said)
                .isEqualTo("capacity: --calls-per-hour must be 0 to 10,000,000\n");
        assertThat(run("demand", "--calls-per-hour", "10", "--self-service", "2").said)
                .isEqualTo("capacity: --self-service must be 0 to 1\n");
    }

    @Test
    void whatTheModelsDontTellIsSaid() {
        assertThat(run("plan", "--service", "acd", "--calls", "9", "--messages", "5").said)
                .contains("--messages changes nothing");
    }

    @Test
    void everyCommandExplainsItself() {
        assertThat(run("--help").text).contains("fit").contains("plan").contains("demand");
        assertThat(run("fit", "--help").text)
                .contains("--holdout")
                .contains("--json")
                .contains("--report");
        assertThat(run("plan", "--help").text).contains("--service").contains("--calls");
    }

    /** @param said on the error output */
    private record Outcome(int code, String text, String said) {}

    private static Outcome run(String... args) {
        var out = System.out;
        var err = System.err;
        var text = new ByteArrayOutputStream();
        var said = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(text, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
            int code = CapacityCommand.run(args);
            return new Outcome(code, text.toString(StandardCharsets.UTF_8), said.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private static String resource(String name) throws Exception {
        var url = CapacityCommandTests.class.getResource("/measured/" + name + ".csv");
        return Path.of(Objects.requireNonNull(url).toURI()).toString();
    }
}
