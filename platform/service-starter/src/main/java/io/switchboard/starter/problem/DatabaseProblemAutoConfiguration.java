package io.switchboard.starter.problem;

import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** A database that doesn't answer is no defect: the caller waits and repeats the call. */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(DataAccessResourceFailureException.class)
class DatabaseProblemAutoConfiguration {

    @Bean
    DatabaseAdvice databaseAdvice() {
        return new DatabaseAdvice();
    }

    @RestControllerAdvice
    @Order(-1)
    static class DatabaseAdvice {

        private static final Logger log = LoggerFactory.getLogger(DatabaseAdvice.class);

        @ExceptionHandler({
            DataAccessResourceFailureException.class,
            TransientDataAccessException.class,
            CannotCreateTransactionException.class
        })
        ResponseEntity<Object> unavailable(RuntimeException failure, HttpServletRequest request) {
            log.warn(
                    "the database does not answer: {} {}: {}",
                    request.getMethod(),
                    request.getRequestURI(),
                    failure.getMessage());
            var problem = new Problem(RequestProblem.UNAVAILABLE, "The database does not answer at the moment.");
            return new ResponseEntity<>(
                    ProblemResponses.detail(problem, request),
                    ProblemResponses.headers(problem.code()),
                    problem.code().status());
        }
    }
}
