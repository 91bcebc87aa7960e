package io.switchboard.config.backup;

import io.switchboard.config.access.Identities;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.ensemble.Shut;
import io.switchboard.config.history.EarlierReleases;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.config.BackupApi.RestoreView;
import io.switchboard.contracts.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.zookeeper.KeeperException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes an empty center what a backup says. The whole file is looked at before anything is changed. Then nobody else is served until all
 * of it is there; if this center goes before, that stays so, and the next restore begins anew.
 */
@Component
class Restore {

    private final Ensemble ensemble;
    private final EarlierReleases earlier;
    private final Identities identities;
    private final JsonMapper json;

    Restore(Ensemble ensemble, EarlierReleases earlier, Identities identities, JsonMapper json) {
        this.ensemble = ensemble;
        this.earlier = earlier;
        this.identities = identities;
        this.json = json;
    }

    /** @throws Problem without an effect if the file is no backup, or the center is not empty */
    RestoreView from(Path received) throws IOException {
        BackupFile file = BackupFile.of(received);
        var contents = new Contents(json);
        try {
            file.forEach(contents::check);
            contents.end();
            if (contents.earlierReleases() > 0 && !earlier.isPresent()) {
                throw new Problem(
                        BackupProblem.NO_ARCHIVE,
                        "The backup has " + contents.earlierReleases()
                                + " releases from a database, and there is none.");
            }
            restore(file);
        } catch (KeeperException e) {
            throw new IllegalStateException("ZooKeeper answered " + e.code() + " to a restore", e);
        }
        return new RestoreView(contents.namespaces(), contents.releases(), contents.earlierReleases());
    }

    private void restore(BackupFile file) throws IOException, KeeperException {
        // Before anybody is refused because of it.
        if (ensemble.isOpen() && !ensemble.ask(Clearing::isEmpty)) {
            throw notEmpty();
        }
        try (Shut shut = ensemble.shut()) {
            if (!shut.hasBegun()) {
                if (!shut.ask(Clearing::isEmpty)) {
                    throw notEmpty();
                }
                shut.begin();
            }
            new Clearing(shut).clear();
            if (earlier.isPresent()) {
                restoreEarlier(file, shut);
            }
            var tree = new RestoredTree(new Steps(shut), identities, json);
            file.forEach(tree::add);
            tree.endStage();
            shut.open();
        } catch (KeeperException.NoNodeException
                | KeeperException.NodeExistsException
                | KeeperException.NotEmptyException
                | KeeperException.BadVersionException e) {
            throw BackupProblem.disturbed();
        }
    }

    private static Problem notEmpty() {
        return new Problem(BackupProblem.CENTER_NOT_EMPTY, "The config center keeps something already.");
    }

    private void restoreEarlier(BackupFile file, Shut shut) {
        earlier.replaceAll(
                shut.holder(),
                shut::check,
                releases -> file.forEach(entry -> {
                    if (entry.address().place() == Place.EARLIER_RELEASE) {
                        releases.accept(Release.decode(entry.content()));
                    }
                }));
    }
}
