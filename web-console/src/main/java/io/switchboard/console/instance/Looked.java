package io.switchboard.console.instance;

import io.switchboard.console.page.ProblemPage;
import io.switchboard.console.remote.RemoteProblem;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a look at another service brought: the thing, a problem, or neither if it isn't there yet. */
record Looked<T>(@Nullable T found, @Nullable ProblemPage problem) {

    static <T> Looked<T> at(Supplier<? extends @Nullable T> question) {
        try {
            return new Looked<>(question.get(), null);
        } catch (RemoteProblem problem) {
            return new Looked<>(null, problem.isNotFound() ? null : ProblemPage.of(problem));
        }
    }
}
