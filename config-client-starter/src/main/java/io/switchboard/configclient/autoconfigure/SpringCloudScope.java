package io.switchboard.configclient.autoconfigure;

import java.lang.reflect.InvocationTargetException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The beans with Spring Cloud's {@code @RefreshScope}. It ends them at once and would make each when it is used next; they are
 * made here, so that one that can't be made refuses the release. Asked by name: most applications go without Spring Cloud.
 */
final class SpringCloudScope implements RemadeBeans {

    private static final String BEAN = "refreshScope";
    private static final String SCOPE = "refresh";

    private final ConfigurableListableBeanFactory beans;
    private boolean ended;

    SpringCloudScope(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public void remake() {
        if (beans.containsBean(BEAN) && beans.getRegisteredScope(SCOPE) == beans.getBean(BEAN)) {
            ended = true;
            endAll();
            RemadeBeans.makeAll(beans, SCOPE);
        }
    }

    @Override
    public void putBack() {
        if (ended) {
            ended = false;
            endAll();
        }
    }

    @Override
    public void keep() {
        ended = false;
    }

    private void endAll() {
        Object scope = beans.getBean(BEAN);
        try {
            scope.getClass().getMethod("refreshAll").invoke(scope);
        } catch (InvocationTargetException | NoSuchMethodException | IllegalAccessException e) {
            // The cause's message may repeat a value.
            throw new IllegalStateException(
                    "Spring Cloud's scope can't be refreshed: " + e.getClass().getSimpleName());
        }
    }
}
