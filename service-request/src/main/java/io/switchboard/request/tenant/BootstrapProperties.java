package io.switchboard.request.tenant;

import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Who can log in after the first start.
 *
 * @param operatorName log-in of the operator that is created if there is none
 * @param operatorPassword its password, 12 to 200 characters; without one no operator is created
 * @param demoTenant a tenant to create, if any
 * @param demoUser log-in of that tenant's user
 * @param demoPassword its password, 12 to 200 characters; without one the tenant has no user
 */
@Validated
@ConfigurationProperties("request.bootstrap")
record BootstrapProperties(
        @DefaultValue("operator") @Pattern(regexp = "[a-z][a-z0-9._-]{0,62}")
        String operatorName,

        @Size(min = 12, max = 200) @Nullable String operatorPassword,

        @Pattern(regexp = "[a-z]([a-z0-9-]{0,29}[a-z0-9])?") @Nullable
        String demoTenant,

        @DefaultValue("demo") @Pattern(regexp = "[a-z][a-z0-9._-]{0,62}")
        String demoUser,

        @Size(min = 12, max = 200) @Nullable String demoPassword) {

    @Override
    public String toString() {
        return "BootstrapProperties[operatorName=" + operatorName + ", demoTenant=" + demoTenant + ", demoUser="
                + demoUser + "]";
    }
}
