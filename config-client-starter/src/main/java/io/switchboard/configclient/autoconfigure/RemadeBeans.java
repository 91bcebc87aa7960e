package io.switchboard.configclient.autoconfigure;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Beans that are made anew once per release. Called in turns. */
interface RemadeBeans {

    /** @throws RuntimeException if one can't be made */
    void remake();

    /** After others failed, or this: those before are in use again. Once all settings are as they were. */
    void putBack();

    /** The release is in effect. */
    void keep();

    /** That of the bean that could not be made, as its makers know it. */
    static String name(BeanCreationException failure) {
        String name = String.valueOf(failure.getBeanName());
        return ScopedProxyUtils.isScopedTarget(name) ? ScopedProxyUtils.getOriginalBeanName(name) : name;
    }

    /** Makes those of a scope that are not there yet, but for lazy ones. */
    static void makeAll(ConfigurableListableBeanFactory beans, String scope) {
        for (String name : beans.getBeanDefinitionNames()) {
            var definition = beans.getMergedBeanDefinition(name);
            if (scope.equals(definition.getScope()) && !definition.isLazyInit()) {
                beans.getBean(name);
            }
        }
    }
}
