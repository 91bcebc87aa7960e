package io.switchboard.request.tenant;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.annotation.DependsOn;
import org.springframework.stereotype.Component;

/**
 * Creates who must be there before anyone can log in. What is there already is left alone, so that a password that was
 * changed stays changed. Done before the first request is answered.
 */
@Component
@DependsOn("flywayInitializer")
class Bootstrap implements InitializingBean {

    private static final Logger log = LoggerFactory.getLogger(Bootstrap.class);

    private final BootstrapProperties properties;
    private final Tenants tenants;
    private final Passwords passwords;

    Bootstrap(BootstrapProperties properties, Tenants tenants, Passwords passwords) {
        this.properties = properties;
        this.tenants = tenants;
        this.passwords = passwords;
    }

    @Override
    public void afterPropertiesSet() {
        createOperator();
        createDemoTenant();
    }

    private void createOperator() {
        if (tenants.anyOperator()) {
            return;
        }
        var password = properties.operatorPassword();
        if (password == null) {
            log.warn("there is no operator; set request.bootstrap.operator-password to have one created");
            return;
        }
        var created = tenants.putUser(null, properties.operatorName(), passwords.hash(password));
        if (created.isEmpty()) {
            log.warn("no operator was created: '{}' is a tenant's user", properties.operatorName());
        } else {
            log.info("audit: operator.create of {} by the first start", properties.operatorName());
        }
    }

    private void createDemoTenant() {
        var tenant = properties.demoTenant();
        if (tenant == null) {
            return;
        }
        if (tenants.find(tenant).isEmpty()) {
            tenants.put(tenant, "Demo");
        }
        var password = properties.demoPassword();
        if (password != null && tenants.login(properties.demoUser()).isEmpty()) {
            tenants.putUser(tenant, properties.demoUser(), passwords.hash(password));
        }
    }
}
