package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.Live;
import org.springframework.beans.factory.aot.BeanRegistrationExcludeFilter;
import org.springframework.beans.factory.support.RegisteredBean;

/** {@code Live} beans and Boot 3.5's health have no code to be generated: their registrars, beans themselves, make them at each start. */
final class NativeLiveBeans implements BeanRegistrationExcludeFilter {

    @Override
    public boolean isExcludedFromAotProcessing(RegisteredBean bean) {
        return bean.getBeanName().startsWith(LiveBeanRegistrar.PREFIX) && bean.getBeanClass() == Live.class
                || bean.getBeanName().equals(ConfigHealth.BEAN)
                        && bean.getBeanClass().getName().equals(Boot3HealthRegistrar.INDICATOR);
    }
}
