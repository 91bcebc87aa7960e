package io.switchboard.scheduling.sample;

import io.switchboard.capacity.model.Driver;
import io.switchboard.capacity.model.Resource;
import java.util.Optional;

/** What a sample may say, in the columns and units of measurement files: what drives consumption, and what is consumed. */
public enum Figure {
    CALLS(Driver.CALLS),
    CALL_RATE(Driver.CALL_RATE),
    PACKETS_IN(Driver.PACKETS_IN),
    PACKETS_OUT(Driver.PACKETS_OUT),
    MESSAGES(Driver.MESSAGES),
    TALKING(Driver.TALKING),
    QUEUED(Driver.QUEUED),
    PEAK_CALLS(Driver.PEAK_CALLS),
    CPU(Resource.CPU),
    MEMORY(Resource.MEMORY),
    NETWORK_IN(Resource.NETWORK_IN),
    NETWORK_OUT(Resource.NETWORK_OUT),
    DISK(Resource.DISK);

    private final String column;
    private final Optional<Driver> driver;
    private final Optional<Resource> resource;

    Figure(Driver driver) {
        this.column = driver.column().orElseThrow();
        this.driver = Optional.of(driver);
        this.resource = Optional.empty();
    }

    Figure(Resource resource) {
        this.column = resource.column();
        this.driver = Optional.empty();
        this.resource = Optional.of(resource);
    }

    public String column() {
        return column;
    }

    /** What it is in a model, if it drives consumption. */
    public Optional<Driver> driver() {
        return driver;
    }

    /** What it is in a model, if it is consumed. */
    public Optional<Resource> resource() {
        return resource;
    }
}
