package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Documents;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.identity.Role;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a stage asks of whoever publishes in it.
 *
 * @param review whether a draft needs another user's approval
 * @param publishers who may publish, roll back and decide about a review; empty for everybody of the tenant
 */
record StageRules(boolean review, SortedSet<String> publishers) {

    static final StageRules NONE = new StageRules(false, new TreeSet<>());

    private static final String ROOT = Documents.ROOT + "/rules/";

    StageRules {
        publishers = Collections.unmodifiableSortedSet(new TreeSet<>(publishers));
    }

    /** Where they are kept. */
    static String node(NamespacePath path) {
        return ROOT + String.join("/", path.tenant(), path.application(), path.stage());
    }

    boolean restrictNothing() {
        return equals(NONE);
    }

    /** Operators may: a stage must not be stuck because all its publishers have left. */
    boolean letPublish(Caller caller) {
        return publishers.isEmpty() || publishers.contains(caller.person()) || caller.is(Role.OPERATOR);
    }
}
