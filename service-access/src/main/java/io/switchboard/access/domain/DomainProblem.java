package io.switchboard.access.domain;

import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with a call about domains. */
final class DomainProblem {

    static final ProblemCode DOMAIN_NOT_PROVEN = new ProblemCode(
            "DOMAIN_NOT_PROVEN",
            409,
            "Publish the TXT record that 'challenge' names, wait until your DNS serves it, then check again.");
    static final ProblemCode DOMAIN_TAKEN = new ProblemCode(
            "DOMAIN_TAKEN",
            409,
            "Have whoever had the domain before remove their TXT record, or ask the operator; then check again.");
    static final ProblemCode TOO_MANY_DOMAINS = new ProblemCode(
            "TOO_MANY_DOMAINS", 409, "Delete a domain that isn't needed any more, or ask the operator for more.");
    static final ProblemCode DNS_SILENT = new ProblemCode(
            "DNS_SILENT", 503, "Check again in a minute; if it lasts, look at the domain's name servers.");

    private DomainProblem() {}
}
