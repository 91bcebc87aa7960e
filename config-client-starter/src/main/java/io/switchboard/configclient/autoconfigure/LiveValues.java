package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.Live;
import java.util.HashMap;
import java.util.Map;
import org.springframework.beans.factory.BeanFactory;

/** The values behind all {@link Live} beans; one write changes them together. */
final class LiveValues {

    private final BeanFactory beans;
    private volatile Map<String, Object> refreshed = Map.of();

    LiveValues(BeanFactory beans) {
        this.beans = beans;
    }

    Live<Object> live(String beanName) {
        return () -> {
            Object value = refreshed.get(beanName);
            return value == null ? beans.getBean(beanName) : value;
        };
    }

    /** Plans to change these. Only one thread calls this, so that no change is lost. */
    void plan(Map<String, Object> changed, Switchover switchover) {
        Map<String, Object> before = refreshed;
        Map<String, Object> all = new HashMap<>(before);
        all.putAll(changed);
        Map<String, Object> after = Map.copyOf(all);
        switchover.plan(() -> refreshed = after, () -> refreshed = before);
    }
}
