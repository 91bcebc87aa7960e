package io.switchboard.config.backup;

import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with a backup, or with where it is to be restored. */
final class BackupProblem {

    static final ProblemCode NO_BACKUP = new ProblemCode(
            "NO_BACKUP", 400, "Send a backup file as it was made; one that was cut off or changed can't be restored.");

    static final ProblemCode CENTER_NOT_EMPTY = new ProblemCode(
            "CENTER_NOT_EMPTY",
            409,
            "Restore into a center with an empty ZooKeeper; a backup takes the place of nothing that is there.");
    static final ProblemCode NO_ARCHIVE = new ProblemCode(
            "NO_ARCHIVE",
            409,
            "Give the config center a database for earlier releases (config.history.url), and repeat it.");

    static final ProblemCode RESTORE_DISTURBED = new ProblemCode(
            "RESTORE_DISTURBED",
            409,
            "Repeat the restore, which begins anew; if that is no better, stop what else writes to this ZooKeeper.");

    private BackupProblem() {}

    /** @param why one sentence, without anything of the file's contents */
    static Problem noBackup(String why) {
        return new Problem(NO_BACKUP, why);
    }

    static Problem disturbed() {
        return new Problem(RESTORE_DISTURBED, "Others write to ZooKeeper where this restore does.");
    }
}
