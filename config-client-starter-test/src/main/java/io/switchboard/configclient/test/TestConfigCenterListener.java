package io.switchboard.configclient.test;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.SpringApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/** Gives a context that asks for it a center of its own, before its imports are looked at. */
final class TestConfigCenterListener implements ApplicationListener<SpringApplicationEvent>, Ordered {

    private static final AtomicInteger contexts = new AtomicInteger();

    /** Before the listener that has configuration imported, which is tenth. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE + 5;
    }

    @Override
    public void onApplicationEvent(SpringApplicationEvent event) {
        if (event instanceof ApplicationEnvironmentPreparedEvent prepared) {
            prepare(prepared.getEnvironment());
        } else if (event instanceof ApplicationContextInitializedEvent initialized
                && initialized
                                .getApplicationContext()
                                .getEnvironment()
                                .getPropertySources()
                                .get(Given.NAME)
                        instanceof Given given) {
            initialized.getApplicationContext().getBeanFactory().registerSingleton("testConfigCenter", given.center);
        }
    }

    private static void prepare(ConfigurableEnvironment environment) {
        if (environment.getProperty(ConfigCenterTest.ENABLED, Boolean.class, false)) {
            String names = environment.getProperty(ConfigCenterTest.NAMESPACES, "application");
            environment
                    .getPropertySources()
                    .addFirst(new Given(new TestConfigCenter(
                            TestZooKeeper.get(),
                            "test-" + contexts.incrementAndGet(),
                            List.of(StringUtils.tokenizeToStringArray(names, ",")))));
        }
    }

    private static final class Given extends MapPropertySource {

        private static final String NAME = "testConfigCenter";

        private final TestConfigCenter center;

        private Given(TestConfigCenter center) {
            super(NAME, center.properties());
            this.center = center;
        }
    }
}
