package io.switchboard.standalone.identity;

import io.switchboard.contracts.identity.Role;
import java.security.Principal;
import java.util.List;
import java.util.Optional;

/** Someone who logged in with a password. */
record Person(String name, Optional<String> tenant, List<Role> roles) implements Principal {

    @Override
    public String getName() {
        return name;
    }
}
