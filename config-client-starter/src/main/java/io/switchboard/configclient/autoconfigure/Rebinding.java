package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.ConfigurationRefreshed;
import io.switchboard.configclient.delivery.Outcome;
import io.switchboard.configclient.delivery.RunningRelease.Source;
import io.switchboard.configprotocol.CannotOpen;
import io.switchboard.configprotocol.Release;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.context.properties.ConfigurationPropertiesBean;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindMethod;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;

/**
 * Takes releases over: all that they change is bound, converted and validated first, in new instances and against sources
 * that nobody sees; only if all of it fits, the property sources, the JavaBeans, the fields and methods with
 * {@code @Value}, and the live values change, and beans that are made once per release are made. A setter that fails then,
 * or a bean that can't be made, has all of them changed back. Listeners are told last.
 */
final class Rebinding implements Function<List<Release>, Outcome> {

    private static final Log log = LogFactory.getLog(Rebinding.class);

    private final ConfigurableApplicationContext context;
    private final LiveValues live;
    private final ValuePoints values;
    private final ChangeListeners listeners;
    private final List<RemadeBeans> remade;
    private final CandidateBinder binder;
    private final Clock clock;

    /** Beans that were named as such. */
    private final Set<String> boundOnce = new HashSet<>();

    private record Replacement(ReleasePropertySource before, ReleasePropertySource after, Set<String> changedKeys) {}

    private record Plan(Switchover switchover, List<ChangeListeners.Call> calls) {}

    Rebinding(
            ConfigurableApplicationContext context,
            LiveValues live,
            ValuePoints values,
            ChangeListeners listeners,
            List<RemadeBeans> remade,
            Clock clock) {
        this.context = context;
        this.live = live;
        this.values = values;
        this.listeners = listeners;
        this.remade = remade;
        this.binder = new CandidateBinder(context);
        this.clock = clock;
    }

    @Override
    public Outcome apply(List<Release> releases) {
        try {
            List<Replacement> replacements = replacements(releases);
            Set<String> changed = new TreeSet<>();
            replacements.forEach(one -> changed.addAll(one.changedKeys()));
            Plan plan = plan(changed, replacements);
            plan.switchover().run();
            remade.forEach(RemadeBeans::keep);
            replacements.forEach(this::publish);
            plan.calls().forEach(ChangeListeners.Call::run);
            return new Outcome.TakenOver(changed);
        } catch (BindException e) {
            return new Outcome.Refused(BindingFault.describe(e));
        } catch (CannotOpen | Unfit e) {
            return new Outcome.Refused(String.valueOf(e.getMessage()));
        } catch (BeanCreationException e) {
            return new Outcome.Refused("bean " + RemadeBeans.name(e) + " can't be made with it ("
                    + e.getMostSpecificCause().getClass().getName() + ")");
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            // A value may name a class that doesn't load, or nest too deep. Its message may repeat a value.
            return new Outcome.Refused(
                    "the application can't take it over (" + e.getClass().getName() + ")");
        }
    }

    private List<Replacement> replacements(List<Release> releases) throws CannotOpen, Unfit {
        List<Replacement> replacements = new ArrayList<>();
        for (Release release : releases) {
            String name = "switchboard:" + release.path().namespace();
            if (!(context.getEnvironment().getPropertySources().get(name) instanceof ReleasePropertySource before)) {
                throw new Unfit("its property source was taken out of the environment");
            }
            var after = ReleasePropertySource.of(before.coordinates(), release, clock.instant(), Source.ZOOKEEPER);
            replacements.add(new Replacement(before, after, after.changedSince(before)));
        }
        return replacements;
    }

    private Plan plan(Set<String> changed, List<Replacement> replacements) throws Unfit {
        // Both of one kind, so that they differ in nothing but the releases.
        ConfigurableEnvironment now = CandidateBinder.candidate(context.getEnvironment(), List.of());
        ConfigurableEnvironment candidate = CandidateBinder.candidate(
                context.getEnvironment(),
                replacements.stream().map(Replacement::after).toList());
        var affected = new AffectedKeys(changed, candidate.getPropertySources());
        var switchover = new Switchover();
        // Taken back after all else: what was made before is at home with the values of before.
        remade.forEach(made -> switchover.plan(() -> {}, made::putBack));
        planSources(replacements, switchover);
        Map<ConfigurationPropertiesBean, Object> fresh = bind(affected, candidate);
        var beans = new JavaBeanState(switchover);
        fresh.forEach((bean, value) -> {
            if (bean.asBindTarget().getBindMethod() != BindMethod.VALUE_OBJECT) {
                beans.plan(value, CandidateBinder.instance(bean));
            }
        });
        values.plan(now, candidate, switchover);
        Map<String, Object> byName = new LinkedHashMap<>();
        fresh.forEach((bean, value) -> byName.put(bean.getName(), value));
        live.plan(byName, switchover);
        remade.forEach(made -> switchover.plan(made::remake, () -> {}));
        return new Plan(switchover, listeners.due(affected, binder, now, candidate));
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
                tellOnce(bean.getName());
            }
        }
        return fresh;
    }

    private void tellOnce(String bean) {
        if (boundOnce.add(bean)) {
            log.info("Bean " + bean + " gets its new values when the application is restarted");
        }
    }

    private void planSources(List<Replacement> replacements, Switchover switchover) {
        MutablePropertySources sources = context.getEnvironment().getPropertySources();
        replacements.forEach(one -> switchover.plan(
                () -> sources.replace(one.after().getName(), one.after()),
                () -> sources.replace(one.before().getName(), one.before())));
    }

    private void publish(Replacement done) {
        var event = new ConfigurationRefreshed(
                done.after().running().path().namespace(),
                done.after().running().number(),
                done.changedKeys());
        try {
            context.publishEvent(event);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            // The release is in effect; its message may repeat a value.
            log.warn("A listener to release " + event.release() + " of " + event.namespace() + " failed: "
                    + e.getClass().getName());
        }
    }
}
