package io.switchboard.capacity.traffic;

import org.hipparchus.analysis.integration.gauss.GaussIntegrator;
import org.hipparchus.analysis.integration.gauss.GaussIntegratorFactory;

/**
 * Waiting with patience (M/M/n+M): each caller waits an exponential time at most, then gives up.
 *
 * <p>Exact birth-death probabilities: below n agents they are Erlang B's, above n the death rate is {@code nμ + kθ}.
 * Sums run relative to the state "all busy, none waiting" and are rescaled before they overflow, so deep overload is
 * safe. The service level integrates the density of the virtual wait,
 * {@code v(x) = λ·p(n−1)·exp(λ/θ·(1 − e^(−θx)) − nμx)}, against the caller's own patience (Palm 1957; Garnett,
 * Mandelbaum and Reiman 2002; Zeltyn and Mandelbaum 2005).
 *
 * @param agents at least 1
 * @param erlangs offered traffic, more than 0; may exceed the agents
 * @param handlingSeconds mean talk and wrap-up time of a call
 * @param patienceSeconds mean time after which a waiting caller gives up
 */
public record ErlangA(int agents, double erlangs, double handlingSeconds, double patienceSeconds) {

    private static final double SMALL = 1e-18;
    private static final double LARGE = 1e200;
    private static final GaussIntegrator UNIT = new GaussIntegratorFactory().legendre(16, 0, 1);

    public ErlangA {
        Traffic.servers("agents", agents);
        Traffic.positive("erlangs", erlangs);
        Traffic.positive("handlingSeconds", handlingSeconds);
        Traffic.positive("patienceSeconds", patienceSeconds);
    }

    public Queue queue() {
        var states = states();
        double inQueue = states.inQueue / states.total;
        double abandoning = inQueue / patienceSeconds / arrivals();
        return new Queue(
                states.busy / states.total,
                abandoning,
                inQueue / arrivals(),
                Math.min(1, erlangs * (1 - abandoning) / agents));
    }

    /** The share of all callers who are answered within so many seconds; those who gave up count as not answered. */
    public double serviceLevel(double withinSeconds) {
        Traffic.notNegative("withinSeconds", withinSeconds);
        var states = states();
        // p(n−1) = p(n)·nμ/λ, so v(x) = nμ·p(n)·exp(…).
        double logFactor = Math.log(agents / handlingSeconds) - states.logTotal();
        double answered = 1 - states.busy / states.total + answeredAfterWait(logFactor, withinSeconds);
        return Math.clamp(answered, 0, 1);
    }

    /** The fewest agents that answer at least this share of all callers within so many seconds; at least one. */
    public static int agents(
            double erlangs, double handlingSeconds, double patienceSeconds, double withinSeconds, double serviceLevel) {
        Traffic.probability("serviceLevel", serviceLevel);
        int high = 1;
        while (new ErlangA(high, erlangs, handlingSeconds, patienceSeconds).serviceLevel(withinSeconds)
                < serviceLevel) {
            high = Math.multiplyExact(high, 2);
        }
        int low = high / 2;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            double level = new ErlangA(middle, erlangs, handlingSeconds, patienceSeconds).serviceLevel(withinSeconds);
            if (level < serviceLevel) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private double arrivals() {
        return erlangs / handlingSeconds;
    }

    /**
     * Unnormalised probabilities relative to the state with all agents busy and none waiting.
     *
     * @param busy all states without a free agent
     * @param total all states
     * @param inQueue the number waiting, weighted
     * @param logScale natural logarithm of what the three were divided by on the way
     */
    private record States(double busy, double total, double inQueue, double logScale) {

        /** The logarithm of the total in units of the state "all busy, none waiting". */
        double logTotal() {
            return Math.log(total) + logScale;
        }
    }

    private States states() {
        // 1/B is the sum of the states 0..n in units of state n; it overflows only where freeing is certain.
        double blocking = ErlangB.blocking(agents, erlangs);
        double free = blocking == 0 ? Double.MAX_VALUE : 1 / blocking - 1;
        double busy = 1;
        double inQueue = 0;
        double term = 1;
        double logScale = 0;
        double perWaiting = handlingSeconds / patienceSeconds;
        for (long waiting = 1; ; waiting++) {
            term *= erlangs / (agents + waiting * perWaiting);
            busy += term;
            inQueue += waiting * term;
            boolean falling = erlangs < agents + waiting * perWaiting;
            if (falling && waiting * term <= SMALL * inQueue && term <= SMALL * busy) {
                break;
            }
            if (busy > LARGE) {
                free /= LARGE;
                busy /= LARGE;
                inQueue /= LARGE;
                term /= LARGE;
                logScale += Math.log(LARGE);
            }
        }
        return new States(busy, free + busy, inQueue, logScale);
    }

    /** {@code ∫ v(x)·e^(−θx) dx} from 0 to the limit, by Gauss-Legendre panels narrower than any feature of v. */
    private double answeredAfterWait(double logFactor, double withinSeconds) {
        double lambda = arrivals();
        double theta = 1 / patienceSeconds;
        double service = agents / handlingSeconds;
        double fastest = Math.max(Math.abs(lambda - service), Math.sqrt(lambda * theta)) + theta;
        int panels = (int) Math.clamp(Math.ceil(withinSeconds * fastest / 2), 1, 1_000_000);
        double width = withinSeconds / panels;
        double sum = 0;
        for (int panel = 0; panel < panels; panel++) {
            double start = panel * width;
            sum += width
                    * UNIT.integrate(unit -> {
                        double x = start + unit * width;
                        double exponent = lambda / theta * -Math.expm1(-theta * x) - service * x - theta * x;
                        return Math.exp(logFactor + exponent);
                    });
        }
        return sum;
    }
}
