package io.switchboard.scheduling.task;

import java.util.Map;

/** What a task reads its configuration with. */
@FunctionalInterface
public interface ConfigAccess {

    /**
     * Environment variables, the same for the same workload every time; they hold a secret.
     *
     * @param workload whose tasks get them
     * @throws ConfigCenterSilent if the config center gave no answer
     */
    Map<String, String> environment(String tenant, String application, String stage, String workload);

    /** The same call may succeed later. */
    final class ConfigCenterSilent extends RuntimeException {

        private static final long serialVersionUID = 1L;

        /** @param reason in words, without anything the config center sent */
        public ConfigCenterSilent(String reason) {
            super(reason, null, false, false);
        }
    }
}
