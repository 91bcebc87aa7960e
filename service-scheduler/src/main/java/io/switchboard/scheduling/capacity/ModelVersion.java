package io.switchboard.scheduling.capacity;

import io.switchboard.capacity.model.ModelStore;
import java.time.Instant;

/**
 * Models of one kind of work, unchangeable.
 *
 * @param version grows with every one that is kept, over all scopes
 * @param store of the scope's kind alone
 */
record ModelVersion(long version, Scope scope, ModelStore store, String createdBy, Instant createdAt) {}
