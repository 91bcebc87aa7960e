package io.switchboard.configclient.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

final class ConfigCenterUnavailableAnalyzer extends AbstractFailureAnalyzer<ConfigCenterUnavailable> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ConfigCenterUnavailable cause) {
        return new FailureAnalysis(
                "The namespace '" + cause.path() + "' could not be read from the config center: " + cause.getMessage()
                        + ". There is no kept release of it in "
                        + cause.coordinates().cacheDirectory() + " either.",
                action(cause),
                cause);
    }

    private static String action(ConfigCenterUnavailable cause) {
        String check = cause.isThere()
                ? "Publish a release that can be used, or start with the 'switchboard.config.access-key' that opens it."
                : "Check that ZooKeeper at " + cause.coordinates().zookeeper()
                        + " is up and reachable from here, and that 'switchboard.config.user',"
                        + " 'switchboard.config.secret' and 'switchboard.config.access-key' are those the config center gave out.";
        return check + " If the application may start without this configuration, import it as 'optional:switchboard:"
                + cause.path().namespace() + "'.";
    }
}
