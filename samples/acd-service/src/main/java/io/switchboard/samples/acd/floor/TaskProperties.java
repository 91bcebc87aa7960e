package io.switchboard.samples.acd.floor;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which copy of the service this is, as the platform told it.
 *
 * @param id of the task
 * @param revision of the deployment the task belongs to
 * @param secret by which the task knows the platform; empty outside of it
 */
@ConfigurationProperties("task")
public record TaskProperties(
        @DefaultValue("local") String id,
        @DefaultValue("0") long revision,
        @DefaultValue("") String secret) {}
