package io.switchboard.access.balancer.haproxy;

import java.nio.file.Path;

/**
 * How the frontend chooses a request's route: the longest path that leads somewhere, or else the host.
 *
 * <p>Servers read a path in their own ways: they decode it, drop the parameters of segments before or after that, take steps up, and
 * pass over what is empty. Where one of these readings belongs to another route than the path as it stands, nobody could say whose
 * the request is, and it is refused. So nobody gets past a route by writing its path in another way, and what every other
 * request holds goes to its task unchanged. A host may end with a dot, which says that it is a whole name and not a part of one.
 */
final class RouteChoice {

    /** Beyond these, steps up aren't followed but refused. */
    private static final int STEPS_UP = 8;

    /** A segment, not being one of {@code .} and {@code ..}, and the step back out of it. */
    private static final String STEP_UP =
            "regsub(\"/([^/.][^/]*|[.][^/.][^/]*|[.][.][^/]+)/[.][.]/\",\"/\",g),".repeat(STEPS_UP);

    private static final String PLAIN = "regsub(\"[/\\\\\\\\]+\",\"/\",g),regsub(\"(/[.])+/\",\"/\",g)," + STEP_UP
            + "regsub(\"^(/[.][.])+/\",\"/\")";

    private static final String WITHOUT_PARAMETERS = "regsub(\";[^/]*\",\"\",g)";

    private RouteChoice() {}

    /**
     * @param answer to who wrote a path that isn't one route's only
     * @return lines that set {@code txn.route}, if there is one
     */
    static String lines(Path hosts, Path paths, String answer) {
        return """
                  acl dodging path -m sub // /. %% ; \\\\
                  http-request set-var(txn.host) req.hdr(host),field(1,:),lower,rtrim(.)
                  http-request set-var(txn.path) path,concat(/)
                  http-request set-var(txn.by_path) var(txn.host),concat(,txn.path),map_beg(%2$s,none)
                  http-request set-var(txn.decoded) 'path,concat(/),url_dec,%3$s,%4$s' if dodging
                  http-request set-var(txn.stripped) 'path,concat(/),%3$s,url_dec,%4$s' if dodging
                  acl as_decoded var(txn.host),concat(,txn.decoded),map_beg(%2$s,none),strcmp(txn.by_path) eq 0
                  acl as_stripped var(txn.host),concat(,txn.stripped),map_beg(%2$s,none),strcmp(txn.by_path) eq 0
                  acl far_up var(txn.decoded),concat(,txn.stripped) -m sub /../
                  http-request return %5$s if dodging { var(txn.by_path) -m found } !as_decoded || dodging { var(txn.by_path) -m found } !as_stripped || dodging far_up
                  http-request set-var(txn.route) var(txn.host),map(%1$s)
                  http-request set-var(txn.route) var(txn.by_path) unless { var(txn.by_path) -m str none }
                """.formatted(hosts, paths, WITHOUT_PARAMETERS, PLAIN, answer);
    }
}
