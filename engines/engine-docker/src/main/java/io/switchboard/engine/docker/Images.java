package io.switchboard.engine.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.PullResponseItem;
import io.switchboard.engine.PullCredentials;
import io.switchboard.engine.supervision.ImageReference;
import io.switchboard.engine.supervision.StartFailed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Images on the daemon's machine, and pulling them there from the one registry that is set. */
final class Images {

    /** How long an answer to a workload may wait for the registry to say that it lacks the image. */
    private static final int HASTE_SECONDS = 5;

    private final Daemon daemon;
    private final Duration silence;
    private final @Nullable String registry;
    private final PullCredentials credentials;
    private final Executor pullers;
    private final Map<String, CompletableFuture<Void>> pulls = new ConcurrentHashMap<>();

    Images(Daemon daemon, DockerEngineProperties.Registry registry, PullCredentials credentials, Executor pullers) {
        this.daemon = daemon;
        this.registry = registry.address();
        this.silence = registry.pullSilence();
        this.credentials = credentials;
        this.pullers = pullers;
    }

    /** Why the image can't be had, as a sentence; empty if it is there, or the registry may have it. */
    Optional<String> lacks(String reference) {
        if (local(reference).isPresent()) {
            return Optional.empty();
        }
        if (!isPullable(reference)) {
            return Optional.of("image " + reference + " is not on the Docker machine, and "
                    + (registry == null
                            ? "no registry is set in engine.docker.registry.address"
                            : "not from registry " + registry));
        }
        try {
            pull(reference).get(HASTE_SECONDS, TimeUnit.SECONDS);
            return Optional.empty();
        } catch (ExecutionException e) {
            return isMissing(e)
                    ? Optional.of(
                            "image " + reference + " is neither on the Docker machine nor in registry " + registry)
                    : Optional.empty();
        } catch (TimeoutException stillPulling) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** The image's id, once it is there. */
    String get(String reference) throws StartFailed {
        Optional<String> local = local(reference);
        if (local.isPresent()) {
            return local.get();
        }
        try {
            if (isPullable(reference)) {
                pull(reference).get();
            }
        } catch (ExecutionException e) {
            throw new StartFailed("image " + reference + " could not be pulled: " + rootMessage(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return local(reference).orElseThrow(() -> new StartFailed("image " + reference + " is gone from the machine"));
    }

    private boolean isPullable(String reference) {
        return registry != null
                && registry.equals(ImageReference.of(reference).in(registry).registry());
    }

    private Optional<String> local(String reference) {
        ImageReference image = ImageReference.of(reference);
        return id(image.toString()).or(() -> id(image.in(registry).toString())).or(() -> builtHere(image));
    }

    /** An image that was built here and never pushed has no digest but its id, which pins its content as well. */
    private Optional<String> builtHere(ImageReference image) {
        return image.pinned()
                .flatMap(digest ->
                        daemon.tryTo(client -> client.inspectImageCmd(digest).exec()))
                .filter(found -> tags(found).stream()
                        .anyMatch(tag -> ImageReference.of(tag).repository().equals(image.repository())))
                .map(found -> Objects.requireNonNull(found.getId()));
    }

    private static List<String> tags(InspectImageResponse image) {
        List<String> tags = image.getRepoTags();
        return tags == null ? List.of() : tags;
    }

    private Optional<String> id(String reference) {
        return daemon.tryTo(client -> client.inspectImageCmd(reference).exec().getId());
    }

    /** One pull at a time for each image. */
    private CompletableFuture<Void> pull(String reference) {
        CompletableFuture<Void> pull = pulls.computeIfAbsent(
                reference, missing -> CompletableFuture.runAsync(() -> pullNow(missing), pullers));
        pull.whenComplete((done, failure) -> pulls.remove(reference, pull));
        return pull;
    }

    private void pullNow(String reference) {
        ImageReference image = ImageReference.of(reference).in(registry);
        var command = daemon.streams()
                .pullImageCmd(image.name())
                .withTag(image.pinned().orElse(image.tag() == null ? "latest" : image.tag()));
        credentials
                .forRepository(Objects.requireNonNull(registry), image.repository())
                .ifPresent(login -> command.withAuthConfig(new AuthConfig()
                        .withRegistryAddress(registry)
                        .withUsername(login.username())
                        .withPassword(login.password())));
        try (Pull pull = command.exec(new Pull())) {
            pull.awaitEnd(silence);
            pull.throwFailure();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Pull extends ResultCallback.Adapter<PullResponseItem> {

        private volatile @Nullable Throwable failure;
        private volatile long heard = System.nanoTime();
        private final CountDownLatch end = new CountDownLatch(1);

        /**
         * However long it takes, as long as the daemon goes on telling of progress. The adapter's own method would end
         * the pull when its time is over.
         */
        void awaitEnd(Duration silence) throws InterruptedException {
            long left = silence.toNanos();
            while (!end.await(left, TimeUnit.NANOSECONDS)) {
                left = silence.toNanos() - (System.nanoTime() - heard);
                if (left <= 0) {
                    failure = new IllegalStateException(
                            "the daemon told of no progress for " + silence.toSeconds() + " s");
                    return;
                }
            }
        }

        /** The daemon tells of trouble on the way in the middle of its answer. */
        @Override
        public void onNext(PullResponseItem item) {
            heard = System.nanoTime();
            if (item.getErrorDetail() != null) {
                failure = new IllegalStateException(item.getErrorDetail().getMessage());
            }
        }

        /** Kept for who waits; the adapter would log it as an error of ours. */
        @Override
        public void onError(Throwable failure) {
            this.failure = failure;
            onComplete();
        }

        @Override
        public void onComplete() {
            super.onComplete();
            end.countDown();
        }

        void throwFailure() {
            Throwable failed = failure;
            if (failed != null) {
                throw new IllegalStateException(failed);
            }
        }
    }

    private static boolean isMissing(Throwable failure) {
        String message = rootMessage(failure).toLowerCase(Locale.ROOT);
        return root(failure) instanceof NotFoundException
                || message.contains("manifest unknown")
                || message.contains("not found");
    }

    private static Throwable root(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null ? failure : root(cause);
    }

    private static String rootMessage(Throwable failure) {
        return String.valueOf(root(failure).getMessage()).strip();
    }
}
