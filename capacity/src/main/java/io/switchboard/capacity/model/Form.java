package io.switchboard.capacity.model;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The shape of a model: a constant plus terms, coefficients left open.
 *
 * @param name the family: constant, linear, power or piecewise linear
 * @param loss how far a window may be off, relative to its use, before its pull stops growing (Huber's δ)
 */
record Form(String name, List<Term> terms, double loss) {

    Form {
        terms = List.copyOf(terms);
    }

    String text() {
        return terms.isEmpty() ? "c" : "c + " + terms.stream().map(Term::text).collect(Collectors.joining(" + "));
    }

    /** Coefficients and bends that the data has to settle. */
    int complexity() {
        int bends = 0;
        for (var term : terms) {
            bends += term instanceof Term.Power(Driver driver, double exponent) && exponent == 1 ? 0 : 1;
        }
        return terms.size() + bends;
    }
}
