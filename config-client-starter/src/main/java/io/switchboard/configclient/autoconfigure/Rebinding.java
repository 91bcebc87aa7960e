package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.ConfigurationRefreshed;
import io.switchboard.configclient.delivery.Outcome;
import io.switchboard.configclient.delivery.RunningRelease.Source;
import io.switchboard.configprotocol.CannotOpen;
import io.switchboard.configprotocol.Release;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.boot.context.properties.ConfigurationPropertiesBean;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindMethod;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;

/**
 * Takes releases over: all that they change is bound and validated first, in new instances and against sources that
 * nobody sees; only if all of it fits, the property source, the JavaBeans and the live values change. A setter that fails
 * then has all of them changed back.
 */
final class Rebinding implements Function<List<Release>, Outcome> {

    private static final Log log = LogFactory.getLog(Rebinding.class);

    private final ConfigurableApplicationContext context;
    private final LiveValues live;
    private final CandidateBinder binder;
    private final Clock clock;

    Rebinding(ConfigurableApplicationContext context, LiveValues live, Clock clock) {
        this.context = context;
        this.live = live;
        this.binder = new CandidateBinder(context);
        this.clock = clock;
    }

    @Override
    public Outcome apply(List<Release> releases) {
        MutablePropertySources sources = context.getEnvironment().getPropertySources();
        List<ReleasePropertySource> before = new ArrayList<>();
        List<ReleasePropertySource> after = new ArrayList<>();
        List<ConfigurationRefreshed> events = new ArrayList<>();
        Set<String> changed = new TreeSet<>();
        for (Release release : releases) {
            String namespace = release.path().namespace();
            if (!(sources.get("switchboard:" + namespace) instanceof ReleasePropertySource old)) {
                return new Outcome.Refused("its property source was taken out of the environment");
            }
            try {
                var fresh = ReleasePropertySource.of(old.coordinates(), release, clock.instant(), Source.ZOOKEEPER);
                Set<String> keys = fresh.changedSince(old);
                changed.addAll(keys);
                before.add(old);
                after.add(fresh);
                events.add(new ConfigurationRefreshed(namespace, release.number(), keys));
            } catch (CannotOpen e) {
                return new Outcome.Refused(String.valueOf(e.getMessage()));
            }
        }
        ConfigurableEnvironment candidate = CandidateBinder.candidate(context.getEnvironment(), after);
        var affected = new AffectedKeys(changed, candidate.getPropertySources());
        try {
            Map<ConfigurationPropertiesBean, Object> fresh = bind(affected, candidate);
            after.forEach(source -> sources.replace(source.getName(), source));
            switchOver(fresh);
        } catch (BindException e) {
            return new Outcome.Refused(BindingFault.describe(e));
        } catch (RuntimeException e) {
            // Its message may repeat a value.
            before.forEach(source -> sources.replace(source.getName(), source));
            return new Outcome.Refused(
                    "the application can't take it over (" + e.getClass().getName() + ")");
        }
        events.forEach(this::publish);
        return new Outcome.TakenOver(changed);
    }

    private Map<ConfigurationPropertiesBean, Object> bind(AffectedKeys affected, ConfigurableEnvironment candidate) {
        Map<ConfigurationPropertiesBean, Object> fresh = new LinkedHashMap<>();
        for (ConfigurationPropertiesBean bean :
                ConfigurationPropertiesBean.getAll(context).values()) {
            if (!affected.touch(bean.getAnnotation().prefix())) {
                continue;
            }
            if (LiveBeanRegistrar.isBoundByItsType(CandidateBinder.type(bean))) {
                fresh.put(bean, binder.bind(bean, candidate));
            } else {
                log.info("Bean " + bean.getName() + " gets its new values when the application is restarted");
            }
        }
        return fresh;
    }

    private void switchOver(Map<ConfigurationPropertiesBean, Object> fresh) {
        var beans = new JavaBeanState();
        fresh.forEach((bean, value) -> {
            if (bean.asBindTarget().getBindMethod() != BindMethod.VALUE_OBJECT) {
                beans.plan(value, CandidateBinder.instance(bean));
            }
        });
        beans.switchOver();
        Map<String, Object> byName = new LinkedHashMap<>();
        fresh.forEach((bean, value) -> byName.put(bean.getName(), value));
        live.replace(byName);
    }

    private void publish(ConfigurationRefreshed event) {
        try {
            context.publishEvent(event);
        } catch (RuntimeException e) {
            // The release is in effect; its message may repeat a value.
            log.warn("A listener to release " + event.release() + " of " + event.namespace() + " failed: "
                    + e.getClass().getName());
        }
    }
}
