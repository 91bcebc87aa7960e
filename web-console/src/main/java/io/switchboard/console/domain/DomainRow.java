package io.switchboard.console.domain;

import io.switchboard.console.page.Tone;
import io.switchboard.contracts.access.DomainsApi.DnsRecord;
import io.switchboard.contracts.access.DomainsApi.DomainView;
import io.switchboard.contracts.access.DomainsApi.LastCheck;
import io.switchboard.contracts.access.DomainsApi.State;
import io.switchboard.contracts.access.DomainsApi.Tls;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One domain of an instance.
 *
 * @param place the host, and the path behind it if the instance has only that
 * @param releasedAt when it leads nobody any more; null unless its record is missing
 * @param uncertified whether callers of TLS are turned away because no certificate fits
 */
record DomainRow(
        String name,
        String place,
        String port,
        State state,
        Tone tone,
        DnsRecord challenge,
        String pointTo,
        @Nullable Instant releasedAt,
        @Nullable LastCheck lastCheck,
        boolean uncertified) {

    static DomainRow of(DomainView view) {
        return new DomainRow(
                view.name(),
                view.path().equals("/") ? view.name() : view.name() + view.path(),
                view.port(),
                view.state(),
                switch (view.state()) {
                    case PENDING -> Tone.BUSY;
                    case VERIFIED -> Tone.GOOD;
                    case MISSING -> Tone.BAD;
                },
                view.challenge(),
                view.pointTo(),
                view.releasedAt().orElse(null),
                view.lastCheck().orElse(null),
                view.state() != State.PENDING && view.tls() == Tls.NO_CERTIFICATE);
    }

    /** Whether its owner still has to do something in DNS. */
    public boolean isUnproven() {
        return state != State.VERIFIED;
    }
}
