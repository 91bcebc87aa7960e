package io.switchboard.image.registry;

import io.switchboard.contracts.image.ImageProblem;
import io.switchboard.contracts.problem.Problem;
import java.net.URI;
import java.util.Optional;

/** Where the registry is, if there is one. */
public class Registry {

    private final Optional<URI> api;
    private final String address;
    private final String absence;

    private Registry(Optional<URI> api, String address, String absence) {
        this.api = api;
        this.address = address;
        this.absence = absence;
    }

    static Registry at(URI api, String address) {
        return new Registry(Optional.of(api), address, "");
    }

    /** @param reason in plain words */
    static Registry absent(String reason) {
        return new Registry(Optional.empty(), "", reason);
    }

    /** @throws Problem {@link ImageProblem#REGISTRY_ABSENT} if there is none */
    URI api() {
        return api.orElseThrow(() -> new Problem(ImageProblem.REGISTRY_ABSENT, absence));
    }

    /**
     * Host and port as engines reach it.
     *
     * @throws Problem {@link ImageProblem#REGISTRY_ABSENT} if there is none
     */
    public String address() {
        api();
        return address;
    }
}
