package io.switchboard.config.backup;

import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with a backup, or with where it is to be restored. */
final class BackupProblem {

    static final ProblemCode NO_BACKUP = new ProblemCode(
            "NO_BACKUP", 400, "Send a backup file as it was made; one that was cut off or changed can't be restored.");

    private BackupProblem() {}

    /** @param why one sentence, without anything of the file's contents */
    static Problem noBackup(String why) {
        return new Problem(NO_BACKUP, why);
    }
}
