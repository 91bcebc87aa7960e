package io.switchboard.configclient.autoconfigure;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;

/** Says which item of a release is wrong, where Spring Boot's own analysis would print its value. */
final class RefusedAtStartAnalyzer extends AbstractFailureAnalyzer<BindException> implements Ordered {

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
        Optional<ReleasePropertySource> source = BindingFault.release(cause);
        return source.map(release -> new FailureAnalysis(
                        "Release " + release.running().number() + " of '"
                                + release.running().path() + "' does not fit this application: "
                                + BindingFault.describe(cause),
                        "Publish a release with another value, or remove the item.",
                        cause))
                .orElse(null);
    }
}
