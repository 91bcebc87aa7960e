package io.switchboard.scheduling.sample;

/**
 * One task doing one kind of work.
 *
 * @param tenant empty if it isn't known whose load it was
 * @param task any name of the container; memory and peaks start anew with each
 */
public record Series(String service, String mode, String image, String tenant, String task) {

    /** The mode of a service type's tasks that are measured with all that they do. */
    public static final String WHOLE_TASK = "whole task";
}
