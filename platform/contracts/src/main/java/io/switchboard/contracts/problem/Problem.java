package io.switchboard.contracts.problem;

import java.util.Map;

/**
 * Thrown where a request can't be answered; the edge turns it into {@code application/problem+json} with the members
 * {@code title}, {@code status}, {@code detail}, {@code instance}, {@code code}, {@code fault}, {@code remedy},
 * {@code requestId} and the properties given here. There is no {@code type}: {@code code} tells problems apart.
 */
public final class Problem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ProblemCode code;
    private final transient Map<String, Object> properties;

    /** @param detail a sentence: what was wrong with this request, naming the offender and the bound, without any secret */
    public Problem(ProblemCode code, String detail) {
        this(code, detail, Map.of());
    }

    /** @param properties further members of the answer, for example the field at fault */
    public Problem(ProblemCode code, String detail, Map<String, Object> properties) {
        super(detail, null, false, false);
        // Asked wherever tests run; no call may fail for it.
        assert isSentence(detail) : "a detail is a sentence, which this is not: " + detail;
        this.code = code;
        this.properties = Map.copyOf(properties);
    }

    private static boolean isSentence(String detail) {
        return detail.endsWith(".") && !Character.isLowerCase(detail.charAt(0));
    }

    public ProblemCode code() {
        return code;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public Map<String, Object> properties() {
        return properties;
    }
}
