package io.switchboard.config;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * What the center does by itself. Each kind of work has a thread, so that none waits for another that takes long. Boot's own scheduler for
 * virtual threads runs all that has a fixed delay one after the other.
 */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class ScheduledWork {

    /** More than there are kinds; a thread that has nothing to do costs next to nothing. */
    private static final int THREADS = 32;

    @Bean
    ThreadPoolTaskScheduler taskScheduler() {
        var scheduler = new ThreadPoolTaskScheduler();
        scheduler.setVirtualThreads(true);
        scheduler.setThreadNamePrefix("config-work-");
        scheduler.setPoolSize(THREADS);
        return scheduler;
    }
}
