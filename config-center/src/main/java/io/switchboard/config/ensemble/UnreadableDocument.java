package io.switchboard.config.ensemble;

import io.switchboard.contracts.problem.Problem;

/** A node holds what no config center wrote there. Callers are told by the problem that is the cause. */
public final class UnreadableDocument extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    /** @param why never with anything of what the node holds */
    public UnreadableDocument(String node, String why) {
        super("ZooKeeper's node " + node + " can't be read: " + why, problem(node));
    }

    private static Problem problem(String node) {
        return new Problem(EnsembleProblem.UNREADABLE_DOCUMENT, "ZooKeeper's node " + node + " can't be read.");
    }
}
