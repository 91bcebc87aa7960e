package io.switchboard.standalone;

import io.switchboard.access.AccessApplication;
import io.switchboard.config.ConfigCenterApplication;
import io.switchboard.console.ConsoleApplication;
import io.switchboard.image.ImageRegistryApplication;
import io.switchboard.request.RequestApplication;
import io.switchboard.scheduling.SchedulerApplication;
import io.switchboard.standalone.identity.IdentityApplication;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** A service as the launcher starts it. */
record Service(
        String name,
        Supplier<SpringApplicationBuilder> application,
        Function<ServiceArguments, List<String>> arguments) {

    /** Those that others ask first come first. */
    static List<Service> all() {
        return List.of(
                new Service("service-request", RequestApplication::application, ServiceArguments::request),
                new Service("identity", IdentityApplication::application, ServiceArguments::identity),
                new Service("config-center", ConfigCenterApplication::application, ServiceArguments::config),
                new Service("service-scheduler", SchedulerApplication::application, ServiceArguments::scheduler),
                new Service("service-access", AccessApplication::application, ServiceArguments::access),
                new Service("image-registry", ImageRegistryApplication::application, ServiceArguments::image),
                new Service("web-console", ConsoleApplication::application, ServiceArguments::console));
    }

    AutoCloseable start(ServiceArguments all) {
        return application
                .get()
                .registerShutdownHook(false)
                .run(arguments.apply(all).toArray(String[]::new));
    }
}
