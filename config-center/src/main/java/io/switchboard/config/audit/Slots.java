package io.switchboard.config.audit;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How much may be open at once: of one tenant, so that it keeps no other one waiting, and in all. */
final class Slots {

    private final int ofTenant;
    private final int inAll;
    private final Map<String, Integer> byTenant = new HashMap<>();
    private int taken;

    Slots(int ofTenant, int inAll) {
        this.ofTenant = ofTenant;
        this.inAll = inAll;
    }

    /**
     * Whoever gets one gives it back.
     *
     * @param tenant empty for operators and services, whom only the sum bounds
     * @return false if there is none left
     */
    synchronized boolean take(Optional<String> tenant) {
        int own = tenant.map(name -> byTenant.getOrDefault(name, 0)).orElse(0);
        if (taken == inAll || own == ofTenant) {
            return false;
        }
        taken++;
        tenant.ifPresent(name -> byTenant.put(name, own + 1));
        return true;
    }

    synchronized void giveBack(Optional<String> tenant) {
        taken--;
        tenant.ifPresent(name -> byTenant.computeIfPresent(name, (key, own) -> own == 1 ? null : own - 1));
    }

    synchronized int taken() {
        return taken;
    }
}
