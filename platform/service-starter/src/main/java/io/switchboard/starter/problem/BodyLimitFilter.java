package io.switchboard.starter.problem;

import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses a body above the limit: by its announced length at once, otherwise when the limit is crossed. Forms are read by
 * Tomcat itself, below any filter; see {@link ProblemAutoConfiguration#formLimit}.
 */
final class BodyLimitFilter extends OncePerRequestFilter {

    private final RequestProperties limits;
    private final ProblemResponses responses;

    BodyLimitFilter(RequestProperties limits, ProblemResponses responses) {
        this.limits = limits;
        this.responses = responses;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long limit = limits.maxBody(request.getRequestURI()).toBytes();
        if (request.getContentLengthLong() > limit) {
            responses.write(request, response, tooLarge(limit));
            return;
        }
        chain.doFilter(new Limited(request, limit), response);
    }

    private static Problem tooLarge(long limit) {
        return new Problem(RequestProblem.BODY_TOO_LARGE, "The body must be at most " + limit + " bytes.");
    }

    private static final class Limited extends HttpServletRequestWrapper {

        private final long limit;

        Limited(HttpServletRequest request, long limit) {
            super(request);
            this.limit = limit;
        }

        private @Nullable ServletInputStream stream;
        private @Nullable BufferedReader reader;

        @Override
        public ServletInputStream getInputStream() throws IOException {
            var known = stream;
            if (known == null) {
                known = new LimitedStream(super.getInputStream(), limit);
                stream = known;
            }
            return known;
        }

        @Override
        public BufferedReader getReader() throws IOException {
            var known = reader;
            if (known == null) {
                var encoding = Objects.requireNonNullElse(getCharacterEncoding(), StandardCharsets.ISO_8859_1.name());
                known = new BufferedReader(new InputStreamReader(getInputStream(), encoding));
                reader = known;
            }
            return known;
        }
    }

    private static final class LimitedStream extends ServletInputStream {

        private final ServletInputStream body;
        private final long limit;
        private long read;

        LimitedStream(ServletInputStream body, long limit) {
            this.body = body;
            this.limit = limit;
        }

        @Override
        public int read() throws IOException {
            int next = body.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = body.read(buffer, offset, length);
            count(Math.max(0, count));
            return count;
        }

        private void count(int bytes) {
            read += bytes;
            if (read > limit) {
                throw tooLarge(limit);
            }
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}
