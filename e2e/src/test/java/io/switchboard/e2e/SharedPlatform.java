package io.switchboard.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One platform for all classes that only use it, one class at a time: started for the first, stopped after the last. */
final class SharedPlatform implements ParameterResolver {

    /** The {@link org.junit.jupiter.api.parallel.ResourceLock} of the classes that use it. */
    static final String LOCK = "shared platform";

    private static final Namespace OURS = Namespace.create(SharedPlatform.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType().equals(Installation.class);
    }

    @Override
    public Installation resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(OURS)
                .computeIfAbsent(Running.class, key -> Running.start(), Running.class)
                .installation();
    }

    private record Running(StandaloneProcess process, Installation installation) implements AutoCloseable {

        static Running start() {
            try {
                var process = new StandaloneProcess(Path.of("target", "platform"));
                return new Running(process, process.start());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws Exception {
            process.close();
        }
    }
}
