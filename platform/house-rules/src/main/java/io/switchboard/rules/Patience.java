package io.switchboard.rules;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * How long tests wait for what will come: two minutes, where they don't say. Awaitility's own ten seconds are too few for a
 * busy machine, and a test that passes waits no longer for it. JUnit finds this by itself.
 */
public final class Patience implements LauncherSessionListener {

    private static final Duration LONGEST = Duration.ofMinutes(2);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultTimeout(LONGEST);
    }
}
