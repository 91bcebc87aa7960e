package io.switchboard.config.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.namespace.Releases.Made;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class UntoldReleasesTests {

    private final Center center = Center.get();
    private final Desk desk = Desk.next("untold");
    private final Ensemble ensemble = center.bean(Ensemble.class);
    private final UntoldReleases untold = center.bean(UntoldReleases.class);

    UntoldReleasesTests() throws Exception {}

    /** Two publish at the same time; both would make release 1, and the slower one finds that it exists. */
    @Test
    void whatIsMadeIsToldOnceThoughAnotherWantedToMakeItToo(CapturedOutput output) throws Exception {
        desk.release(Map.of("a", "1"));
        await().until(() -> nodes() == 0);
        Made quicker = made();
        Made slower = made();

        ensemble.commit(zookeeper -> {
            untold.step(zookeeper, slower, 0);
            return List.of(untold.step(zookeeper, quicker, 0));
        });
        untold.failed(slower.release());
        untold.look();
        assertThat(lines(output)).as("before the quicker one tells").isEqualTo(1);
        untold.tell(quicker);
        await().until(() -> nodes() == 0);
        untold.look();

        assertThat(lines(output)).isEqualTo(2);
    }

    /** Heirs, copies and late clients hear of it as the audit log does. */
    @Test
    void whoWatchesReleasesHearsOfWhatItsOwnCenterLeftUntold(CapturedOutput output) throws Exception {
        desk.release(Map.of("a", "1"));
        await().until(() -> nodes() == 0);
        List<NamespacePath> heard = new CopyOnWriteArrayList<>();
        Made left = made();
        untold.onRelease(path -> {
            if (path.equals(left.release().path())) {
                heard.add(path);
            }
        });

        ensemble.commit(zookeeper -> List.of(untold.step(zookeeper, left, 0)));
        untold.failed(left.release());
        untold.look();

        await().until(() -> nodes() == 0);
        assertThat(heard).containsExactly(left.release().path());
        assertThat(lines(output)).isEqualTo(2);
    }

    private Made made() {
        Release release = center.bean(ReleaseHistory.class)
                .release(new NamespacePath("acme", desk.application(), "prod", "application"), 1);
        return new Made(release, Items.NONE, Optional.empty(), Optional.empty());
    }

    private long nodes() {
        return ensemble.children(UntoldReleases.ROOT).stream()
                .filter(name -> name.contains("~" + desk.application() + "~"))
                .count();
    }

    /** One of them was there before: of the release that {@link #made} reads. */
    private int lines(CapturedOutput output) {
        return output.toString().split("release published: namespace=acme/" + desk.application() + "/", -1).length - 1;
    }
}
