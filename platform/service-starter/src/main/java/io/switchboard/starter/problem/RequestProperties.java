package io.switchboard.starter.problem;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Bounds of any request.
 *
 * @param maxBody largest body that is read at all
 * @param maxBodyAt the same for single paths that take more, such as data sets
 */
@ConfigurationProperties("switchboard.request")
record RequestProperties(
        @DefaultValue("256KB") DataSize maxBody,
        @DefaultValue Map<String, DataSize> maxBodyAt) {

    RequestProperties {
        maxBodyAt = Map.copyOf(maxBodyAt);
    }

    DataSize maxBody(String path) {
        return maxBodyAt.getOrDefault(path, maxBody);
    }
}
