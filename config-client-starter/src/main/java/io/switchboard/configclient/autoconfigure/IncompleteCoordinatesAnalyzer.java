package io.switchboard.configclient.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

final class IncompleteCoordinatesAnalyzer extends AbstractFailureAnalyzer<IncompleteCoordinates> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, IncompleteCoordinates cause) {
        return new FailureAnalysis(
                "Only some of the settings that say where the configuration is are there; " + cause.getMessage() + ".",
                "Set them all (a property 'switchboard.config.secret' may also be the environment variable"
                        + " SWITCHBOARD_CONFIG_SECRET), or none and import 'optional:switchboard:'.",
                cause);
    }
}
