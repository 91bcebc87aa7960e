package io.switchboard.access.balancer.haproxy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How the frontend chooses a request's route: the longest path that leads somewhere, or else the host.
 *
 * <p>Servers read a path in their own ways: they decode it, drop the parameters of segments before or after that, take steps up, and
 * pass over what is empty or not. Where one of these readings belongs to another route than the path as it stands, nobody could say whose
 * the request is, and it is refused. So nobody gets past a route by writing its path in another way, and what every other
 * request holds goes to its task unchanged. A host may end with a dot, which says that it is a whole name and not a part of one;
 * what isn't a name has no route, since what follows a slash in it would be taken for a path.
 */
final class RouteChoice {

    /** Beyond these, steps up aren't followed but refused. */
    private static final int STEPS_UP = 8;

    /** A segment, not being one of {@code .} and {@code ..}, and the step back out of it. */
    private static final String STEP_UP = "regsub(\"/([^/.][^/]*|[.][^/.][^/]*|[.][.][^/]+%s)/[.][.]/\",\"/\",g),";

    private static final String WITHOUT_PARAMETERS = "regsub(\";[^/]*\",\"\",g)";

    /** What servers make of a path: they differ in when they drop parameters, and in whether an empty segment is one. */
    private static final List<String> READINGS = Stream.of(
                    "url_dec," + WITHOUT_PARAMETERS, WITHOUT_PARAMETERS + ",url_dec")
            .flatMap(decoded -> Stream.of(
                    decoded + ",regsub(\"[/\\\\\\\\]+\",\"/\",g)," + withoutSteps(""),
                    decoded + ",regsub(\"[\\\\\\\\]\",\"/\",g)," + withoutSteps("|")))
            .map(reading -> "path,concat(/)," + reading)
            .toList();

    private RouteChoice() {}

    /**
     * @param answer to who wrote a path that isn't one route's only
     * @return lines that set {@code txn.route}, if there is one
     */
    static String lines(Path hosts, Path paths, String answer) {
        var text = new StringBuilder("""
                  acl dodging path -m sub // /. %% ; \\\\
                  acl host_name req.fhdr(host),field(1,:) -m reg -i '^[a-z0-9-]+([.][a-z0-9-]+)*[.]?$'
                  http-request set-var(txn.host) req.fhdr(host),field(1,:),lower,rtrim(.) if host_name
                  http-request set-var(txn.path) path,concat(/)
                  http-request set-var(txn.by_path) var(txn.host),concat(,txn.path),map_beg(%1$s,none)
                """.formatted(paths));
        int number = 0;
        for (String reading : READINGS) {
            number++;
            text.append("""
                  http-request set-var(txn.read%1$d) '%2$s' if dodging
                  acl two_ways var(txn.host),concat(,txn.read%1$d),map_beg(%3$s,none),strcmp(txn.by_path) lt 0
                  acl two_ways var(txn.host),concat(,txn.read%1$d),map_beg(%3$s,none),strcmp(txn.by_path) gt 0
                  acl two_ways var(txn.read%1$d) -m sub /../
                """.formatted(number, reading, paths));
        }
        return text.append("""
                  http-request return %2$s if dodging two_ways
                  http-request set-var(txn.route) var(txn.host),map(%1$s)
                  http-request set-var(txn.route) var(txn.by_path) unless { var(txn.by_path) -m str none }
                """.formatted(hosts, answer)).toString();
    }

    /** @param empty what takes an empty segment for one, too */
    private static String withoutSteps(String empty) {
        return "regsub(\"(/[.])+/\",\"/\",g)," + STEP_UP.formatted(empty).repeat(STEPS_UP)
                + "regsub(\"^(/[.][.])+/\",\"/\")";
    }
}
