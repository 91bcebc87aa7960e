package io.switchboard.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A real client of the registry. */
record Skopeo(Path home, int registryPort) {

    Result push(OciLayout image, String repositoryAndTag, String credential) throws Exception {
        return run(
                "copy",
                "--dest-tls-verify=false",
                "--dest-creds=" + credential,
                "oci:" + image.directory(),
                remote(repositoryAndTag));
    }

    Result pull(String repositoryAndTag, String credential) throws Exception {
        return run(
                "copy",
                "--src-tls-verify=false",
                "--src-creds=" + credential,
                remote(repositoryAndTag),
                "dir:" + home.resolve("pulled"));
    }

    Result pullAnonymously(String repositoryAndTag) throws Exception {
        return run("copy", "--src-tls-verify=false", remote(repositoryAndTag), "dir:" + home.resolve("pulled"));
    }

    Result logIn(String user, String secret) throws Exception {
        return run("login", "--tls-verify=false", "-u", user, "-p", secret, "127.0.0.1:" + registryPort);
    }

    private String remote(String repositoryAndTag) {
        return "docker://127.0.0.1:" + registryPort + "/" + repositoryAndTag;
    }

    private Result run(String... arguments) throws Exception {
        var command = new ArrayList<>(
                List.of(RequiredPrograms.skopeo().toString(), "--insecure-policy", "--command-timeout", "30s"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("HOME", home.toString());
        builder.environment()
                .put("REGISTRY_AUTH_FILE", home.resolve("auth.json").toString());
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue() == 0, output);
    }

    record Result(boolean ok, String output) {

        /** Refused for lack of rights, and not for another reason. */
        boolean denied() {
            return !ok
                    && output.toLowerCase(Locale.ROOT)
                            .matches("(?s).*(unauthorized|denied|authentication required|invalid username).*");
        }
    }
}
