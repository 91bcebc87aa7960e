package io.switchboard.configfiles;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ./switchboard config credentials}: what a program that Switchboard does not run connects with. */
@Command(
        name = "credentials",
        description =
                "write the environment variables with which an application reads its configuration; they hold a secret")
final class CredentialsCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable ConfigCommand config;

    @Parameters(
            paramLabel = "APPLICATION",
            arity = "0..1",
            defaultValue = "",
            description = "whose; or say it with --application")
    private String application = "";

    @Option(names = "--access-key", description = "also what opens its encrypted items")
    private boolean accessKey;

    @Override
    public Integer call() throws InterruptedException {
        ConfigCommand.centerOf(config, application)
                .credentials(accessKey)
                .propertyStream()
                .forEach(one ->
                        System.out.println(one.getKey() + "=" + one.getValue().asString()));
        return 0;
    }
}
