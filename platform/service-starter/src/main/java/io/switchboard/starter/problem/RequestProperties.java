package io.switchboard.starter.problem;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Bounds of any request.
 *
 * @param maxBody largest body that is read at all
 */
@ConfigurationProperties("switchboard.request")
record RequestProperties(@DefaultValue("256KB") DataSize maxBody) {}
