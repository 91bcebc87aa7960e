package io.switchboard.engine;

/** What an engine may lack; everything not named here is obligatory. */
public enum Capability {
    /** A task can't use more CPU than it was given. */
    LIMIT_CPU,
    /** A task that takes more memory than it was given is stopped. */
    LIMIT_MEMORY,
    /** Tasks go on running when the engine's adapter, or the whole JVM, dies. */
    OUTLIVE_ADAPTER,
    /** Images are pulled and pinned by digest. */
    IMAGES_BY_DIGEST,
    /** What a task uses is measured; without it {@link Engine#usage} is always empty. */
    MEASURE_USAGE,
    /** What a task writes is kept; without it {@link Engine#logTail} is always empty. */
    KEEP_LOGS,
    /** The machines that run tasks are known; without it {@link Engine#nodes} is always empty. */
    LIST_NODES,
    /** New workloads can be kept off a node; without it {@link Engine#cordon} fails. */
    CORDON_NODES,
    /**
     * Each task gets blocks of its node's ports for media; without it a workload that needs them is refused, see {@link
     * Acceptance#lacksMediaPorts}.
     */
    MEDIA_PORTS
}
