package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.Live;
import org.springframework.beans.factory.aot.BeanRegistrationExcludeFilter;
import org.springframework.beans.factory.support.RegisteredBean;

/** {@code Live} beans have no code to be generated: their registrar, a bean itself, makes them at each start. */
final class NativeLiveBeans implements BeanRegistrationExcludeFilter {

    @Override
    public boolean isExcludedFromAotProcessing(RegisteredBean bean) {
        return bean.getBeanName().startsWith(LiveBeanRegistrar.PREFIX) && bean.getBeanClass() == Live.class;
    }
}
