package io.switchboard.starter.problem;

import io.switchboard.contracts.problem.Problem;
import java.io.IOException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what Tomcat itself refuses, for example a path that holds {@code %00} or a request line it can't read. */
final class ProblemValve extends ErrorReportValve {

    private static final Logger log = LoggerFactory.getLogger(ProblemValve.class);

    private final ProblemResponses responses;

    ProblemValve(ProblemResponses responses) {
        this.responses = responses;
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable throwable) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        // No filter of ours has seen this request.
        if (request.getAttribute(RequestIdFilter.KEY) == null) {
            var id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
            request.setAttribute(RequestIdFilter.KEY, id);
            response.setHeader(RequestIdFilter.HEADER, id);
        }
        Problem problem = ContainerProblems.problem(status);
        try {
            responses.write(request, response, problem);
            response.finishResponse();
        } catch (IOException e) {
            log.debug("client went away", e);
        }
    }
}
