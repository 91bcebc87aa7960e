package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.delivery.ReleaseFollower;
import io.switchboard.configclient.delivery.RunningRelease;
import io.switchboard.configprotocol.ClientReport.Health;
import io.switchboard.configprotocol.Release;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/** Follows the imported namespaces while the application runs. */
final class Following implements SmartLifecycle {

    private final ConfigurableApplicationContext context;
    private final Supplier<Rebinding> rebinding;
    private final Supplier<Health> health;
    private final Clock clock;
    private volatile @Nullable ReleaseFollower follower;

    /**
     * @param rebinding made once all beans are there, as it looks for some of them
     * @param health how the application is
     */
    Following(
            ConfigurableApplicationContext context,
            Supplier<Rebinding> rebinding,
            Supplier<Health> health,
            Clock clock) {
        this.context = context;
        this.rebinding = rebinding;
        this.health = health;
        this.clock = clock;
    }

    /** Last of all beans: by now everything is bound to the releases that were imported. */
    @Override
    public void start() {
        List<ReleasePropertySource> imported = imported();
        if (!imported.isEmpty() && follower == null) {
            follower = new ReleaseFollower(
                    imported.get(0).coordinates(),
                    running(imported),
                    unkept(imported),
                    rebinding.get(),
                    Optional.of(new ApplicationBuild(context)),
                    health,
                    clock);
        }
    }

    private static List<Release> unkept(List<ReleasePropertySource> imported) {
        return imported.stream()
                .filter(source -> source.running().source() == RunningRelease.Source.ZOOKEEPER)
                .flatMap(source -> source.release().stream())
                .toList();
    }

    @Override
    public void stop() {
        ReleaseFollower following = follower;
        follower = null;
        if (following != null) {
            following.close();
        }
    }

    @Override
    public boolean isRunning() {
        return follower != null;
    }

    /** What each imported namespace is at; empty if none is imported. */
    List<RunningRelease> releases() {
        ReleaseFollower following = follower;
        return following == null ? running(imported()) : following.running();
    }

    /** Whether ZooKeeper can be reached at this moment. */
    boolean reachable() {
        ReleaseFollower following = follower;
        return following != null && following.reachable();
    }

    private List<ReleasePropertySource> imported() {
        return context.getEnvironment().getPropertySources().stream()
                .filter(ReleasePropertySource.class::isInstance)
                .map(ReleasePropertySource.class::cast)
                .toList();
    }

    private static List<RunningRelease> running(List<ReleasePropertySource> imported) {
        return imported.stream().map(ReleasePropertySource::running).toList();
    }
}
