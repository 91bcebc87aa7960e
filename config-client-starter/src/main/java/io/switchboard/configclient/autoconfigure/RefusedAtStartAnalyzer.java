package io.switchboard.configclient.autoconfigure;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;

/** Says which item of a release is wrong, where Spring Boot's own analysis would print its value. */
final class RefusedAtStartAnalyzer extends AbstractFailureAnalyzer<BindException> implements Ordered {

    private final Iterable<PropertySource<?>> sources;

    /** @param environment null if the start failed before there was a context */
    RefusedAtStartAnalyzer(@Nullable Environment environment) {
        sources = environment instanceof ConfigurableEnvironment configurable
                ? configurable.getPropertySources()
                : List.of();
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
        Optional<ReleasePropertySource> source = BindingFault.release(cause, sources);
        return source.map(release -> new FailureAnalysis(
                        "Release " + release.running().number() + " of '"
                                + release.running().path() + "' does not fit this application: "
                                + BindingFault.describe(cause),
                        "Publish a release with another value, or remove the item.",
                        cause))
                .orElse(null);
    }
}
