package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.RefreshScope;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.Scope;

/** Keeps the beans with {@link RefreshScope}. Who asks for one that is there never waits, also while a release is taken over. */
final class ReleaseScope
        implements Scope, BeanFactoryPostProcessor, SmartInitializingSingleton, DisposableBean, RemadeBeans {

    private static final Log log = LogFactory.getLog(ReleaseScope.class);

    /** Held while beans are made: one that takes others gets those of its own release. */
    private final ReentrantLock making = new ReentrantLock();

    private volatile Generation inUse = new Generation();
    private @Nullable Generation fresh;
    private @Nullable Generation before;
    private @Nullable ConfigurableListableBeanFactory factory;

    /** Those that were made for one release. */
    private static final class Generation {

        private final Map<String, Object> beans = new ConcurrentHashMap<>();
        private final Map<String, ObjectFactory<?>> makers = new ConcurrentHashMap<>();
        private final Map<String, Runnable> ends = new ConcurrentHashMap<>();

        Object bean(String name, ObjectFactory<?> maker) {
            Object known = beans.get(name);
            if (known != null) {
                return known;
            }
            Object made = maker.getObject();
            beans.put(name, made);
            makers.put(name, maker);
            return made;
        }

        @Nullable
        Object remove(String name) {
            makers.remove(name);
            ends.remove(name);
            return beans.remove(name);
        }

        void end() {
            ends.forEach((name, end) -> {
                try {
                    end.run();
                } catch (RuntimeException | LinkageError | StackOverflowError e) {
                    // Its message may repeat a value.
                    log.warn("Bean " + name + " of an earlier release did not end: "
                            + e.getClass().getName());
                }
            });
        }
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        factory = beans;
        beans.registerScope(RefreshScope.NAME, this);
    }

    /** What can't be made ends the start, as with any other bean. */
    @Override
    public void afterSingletonsInstantiated() {
        if (factory != null) {
            RemadeBeans.makeAll(factory, RefreshScope.NAME);
        }
    }

    @Override
    public Object get(String name, ObjectFactory<?> maker) {
        Object known = making.isHeldByCurrentThread() ? null : inUse.beans.get(name);
        if (known != null) {
            return known;
        }
        making.lock();
        try {
            return beingMade().bean(name, maker);
        } finally {
            making.unlock();
        }
    }

    private Generation beingMade() {
        return fresh == null ? inUse : fresh;
    }

    @Override
    public void remake() {
        making.lock();
        var made = new Generation();
        fresh = made;
        try {
            inUse.makers.forEach(made::bean);
            before = inUse;
            inUse = made;
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            made.end();
            throw e;
        } finally {
            fresh = null;
            making.unlock();
        }
    }

    @Override
    public void putBack() {
        if (before != null) {
            Generation failed = inUse;
            inUse = before;
            before = null;
            failed.end();
        }
    }

    @Override
    public void keep() {
        if (before != null) {
            before.end();
            before = null;
        }
    }

    @Override
    public @Nullable Object remove(String name) {
        return inUse.remove(name);
    }

    @Override
    public void registerDestructionCallback(String name, Runnable end) {
        beingMade().ends.put(name, end);
    }

    @Override
    public void destroy() {
        inUse.end();
    }
}
