package io.switchboard.starter.problem;

import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.ProblemCode;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.contracts.problem.RequestProblem.FieldProblem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.ConstraintViolationException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.validation.FieldError;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** The one place where a failed request gets its answer; a service with pages puts its own in front. */
@RestControllerAdvice
@Order(0)
class ProblemAdvice {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    private final long maxBody;

    ProblemAdvice(long maxBody) {
        this.maxBody = maxBody;
    }

    @ExceptionHandler
    ResponseEntity<Object> problem(Problem problem, HttpServletRequest request) {
        return answer(problem, request, new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<Object> invalidBody(MethodArgumentNotValidException failure, HttpServletRequest request) {
        var errors = failure.getBindingResult().getAllErrors().stream()
                .map(error -> new FieldProblem(
                        error instanceof FieldError field ? field.getField() : error.getObjectName(),
                        String.valueOf(error.getDefaultMessage())))
                .toList();
        return invalid(errors, request);
    }

    @ExceptionHandler
    ResponseEntity<Object> invalidParameter(HandlerMethodValidationException failure, HttpServletRequest request) {
        var errors = failure.getParameterValidationResults().stream()
                .flatMap(result -> result instanceof ParameterErrors fields
                        ? fields.getFieldErrors().stream()
                                .map(field ->
                                        new FieldProblem(field.getField(), String.valueOf(field.getDefaultMessage())))
                        : result.getResolvableErrors().stream()
                                .map(error -> new FieldProblem(
                                        String.valueOf(
                                                result.getMethodParameter().getParameterName()),
                                        String.valueOf(error.getDefaultMessage()))))
                .toList();
        return invalid(errors, request);
    }

    @ExceptionHandler
    ResponseEntity<Object> violated(ConstraintViolationException failure, HttpServletRequest request) {
        var errors = failure.getConstraintViolations().stream()
                .map(violation -> new FieldProblem(violation.getPropertyPath().toString(), violation.getMessage()))
                .toList();
        return invalid(errors, request);
    }

    @ExceptionHandler
    ResponseEntity<Object> wrongType(MethodArgumentTypeMismatchException failure, HttpServletRequest request) {
        // An id that can't be one names nothing, like any other id that isn't known.
        if (failure.getRequiredType() == UUID.class
                && failure.getParameter().hasParameterAnnotation(PathVariable.class)) {
            return answer(new Problem(RequestProblem.NOT_FOUND, "Nothing has this id."), request, new HttpHeaders());
        }
        return invalid(
                List.of(new FieldProblem(failure.getName(), Expectation.of(failure.getRequiredType()))), request);
    }

    @ExceptionHandler
    ResponseEntity<Object> unreadable(HttpMessageNotReadableException failure, HttpServletRequest request) {
        // The reader wraps what the body limit threw.
        var problem = cause(failure, Problem.class);
        if (problem != null) {
            return answer(problem, request, new HttpHeaders());
        }
        var unknown = cause(failure, UnrecognizedPropertyException.class);
        if (unknown != null) {
            var field = cut(path(unknown));
            return answer(
                    new Problem(
                            RequestProblem.UNKNOWN_FIELD,
                            "There is no field '" + field + "'" + otherFields(unknown) + ".",
                            Map.of("field", field)),
                    request,
                    new HttpHeaders());
        }
        var kind = cause(failure, InvalidTypeIdException.class);
        if (kind != null) {
            var base = kind.getBaseType().getRawClass();
            var field = path(kind);
            return invalid(
                    List.of(new FieldProblem(
                            cut((field.isEmpty() ? "" : field + ".") + Expectation.kindField(base)),
                            Expectation.kindOf(base))),
                    request);
        }
        var databind = cause(failure, DatabindException.class);
        if (databind != null && !databind.getPath().isEmpty()) {
            return invalid(List.of(new FieldProblem(cut(path(databind)), expected(databind))), request);
        }
        var coercion = cause(failure, InputCoercionException.class);
        if (coercion != null) {
            return invalid(List.of(new FieldProblem(cut(path(coercion)), "is a number out of range")), request);
        }
        var detail = failure.getCause() instanceof JacksonException json && json.getLocation() != null
                ? "The body can't be read as what this call takes; see line "
                        + json.getLocation().getLineNr() + ", column "
                        + json.getLocation().getColumnNr() + "."
                : "The body is missing or can't be read as JSON.";
        return answer(new Problem(RequestProblem.MALFORMED_BODY, detail), request, new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<Object> wrongMediaType(HttpMediaTypeNotSupportedException failure, HttpServletRequest request) {
        List<MediaType> taken = failure.getSupportedMediaTypes();
        String wanted = taken.isEmpty() || taken.contains(MediaType.APPLICATION_JSON)
                ? MediaType.APPLICATION_JSON_VALUE
                : taken.stream().map(MediaType::toString).collect(Collectors.joining("' or '"));
        String sent = failure.getContentType() == null
                ? "and the body has no 'Content-Type'"
                : "not '" + cut(failure.getContentType().toString()) + "'";
        return answer(
                new Problem(RequestProblem.UNSUPPORTED_MEDIA_TYPE, "This call takes '" + wanted + "', " + sent + "."),
                request,
                failure.getHeaders());
    }

    @ExceptionHandler
    ResponseEntity<Object> notAcceptable(HttpMediaTypeNotAcceptableException failure, HttpServletRequest request) {
        List<MediaType> offered = failure.getSupportedMediaTypes();
        String detail = offered.isEmpty()
                ? "The header 'Accept' can't be read; '*/*' takes whatever this call answers with."
                : "This call answers with '"
                        + offered.stream().map(MediaType::toString).collect(Collectors.joining("' or '"))
                        + "', which the header 'Accept' doesn't allow.";
        return answer(new Problem(RequestProblem.NOT_ACCEPTABLE, detail), request, failure.getHeaders());
    }

    /** What Tomcat makes of a form that is too large or can't be decoded. */
    @ExceptionHandler
    ResponseEntity<Object> unreadableForm(InvalidParameterException failure, HttpServletRequest request) {
        var code = code(failure.getErrorCode());
        return answer(
                new Problem(
                        code,
                        code == RequestProblem.BODY_TOO_LARGE
                                ? "The form is larger than " + maxBody + " bytes."
                                : "The form can't be read."),
                request,
                new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<Object> missing(MissingServletRequestParameterException failure, HttpServletRequest request) {
        return invalid(List.of(new FieldProblem(failure.getParameterName(), "must be given")), request);
    }

    @ExceptionHandler
    ResponseEntity<Object> nothingThere(NoResourceFoundException failure, HttpServletRequest request) {
        return answer(
                new Problem(RequestProblem.NOT_FOUND, "There is nothing at '/" + cut(failure.getResourcePath()) + "'."),
                request,
                new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<Object> unauthenticated(AuthenticationException failure, HttpServletRequest request) {
        throw failure;
    }

    @ExceptionHandler
    ResponseEntity<Object> forbidden(AccessDeniedException failure, HttpServletRequest request) {
        throw failure;
    }

    /** The client went away; there is nobody to answer. */
    @ExceptionHandler
    void gone(AsyncRequestNotUsableException failure) {
        log.debug("client went away", failure);
    }

    @ExceptionHandler
    ResponseEntity<Object> anythingElse(Exception failure, HttpServletRequest request) {
        if (failure instanceof ErrorResponse response) {
            return answer(
                    new Problem(
                            code(response.getStatusCode().value()),
                            String.valueOf(response.getBody().getDetail())),
                    request,
                    response.getHeaders());
        }
        log.error("request failed: {} {}", request.getMethod(), request.getRequestURI(), failure);
        // Of what a service found broken it may know who can mend it.
        if (failure.getCause() instanceof Problem known) {
            return answer(known, request, new HttpHeaders());
        }
        return answer(
                new Problem(RequestProblem.DEFECT, "This request met a defect of ours."), request, new HttpHeaders());
    }

    private ResponseEntity<Object> invalid(List<FieldProblem> found, HttpServletRequest request) {
        return answer(RequestProblem.invalid(found), request, new HttpHeaders());
    }

    private static String expected(DatabindException failure) {
        if (failure instanceof StorableText.Refused refused) {
            return refused.getOriginalMessage();
        }
        if (!(failure instanceof MismatchedInputException mismatch)) {
            return Expectation.of(null);
        }
        // What isn't there is read as null, and nothing but the message tells that from a value of the wrong type.
        boolean missing = mismatch.getOriginalMessage().contains("`null`");
        return missing ? "must be given" : Expectation.of(mismatch.getTargetType());
    }

    private ResponseEntity<Object> answer(Problem problem, HttpServletRequest request, HttpHeaders further) {
        tell(problem, request);
        var headers = ProblemResponses.headers(problem.code());
        further.forEach((name, values) -> {
            if (!headers.containsHeader(name)) {
                headers.put(name, values);
            }
        });
        return new ResponseEntity<>(
                ProblemResponses.detail(problem, request),
                headers,
                HttpStatus.valueOf(problem.code().status()));
    }

    /** By its code, never with its detail, which may quote the caller. What only reads and found nothing is no news. */
    private static void tell(Problem problem, HttpServletRequest request) {
        log.atLevel(request.getMethod().equals("GET") ? Level.DEBUG : Level.INFO)
                .log(
                        "{} {} by {} is refused: {}",
                        request.getMethod(),
                        request.getRequestURI(),
                        request.getRemoteUser() == null ? "nobody" : request.getRemoteUser(),
                        problem.code().name());
    }

    static ProblemCode code(int status) {
        return switch (status) {
            case 401 -> RequestProblem.UNAUTHENTICATED;
            case 403 -> RequestProblem.FORBIDDEN;
            case 404 -> RequestProblem.NOT_FOUND;
            case 405 -> RequestProblem.METHOD_NOT_ALLOWED;
            case 406 -> RequestProblem.NOT_ACCEPTABLE;
            case 409 -> RequestProblem.CONFLICT;
            case 413 -> RequestProblem.BODY_TOO_LARGE;
            case 415 -> RequestProblem.UNSUPPORTED_MEDIA_TYPE;
            case 429 -> RequestProblem.TOO_MANY_REQUESTS;
            case 503 -> RequestProblem.UNAVAILABLE;
            default -> status < 500 ? RequestProblem.INVALID_REQUEST : RequestProblem.DEFECT;
        };
    }

    private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    private static String path(DatabindException failure) {
        var path = new StringBuilder();
        for (var step : failure.getPath()) {
            if (step.getPropertyName() != null) {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            } else {
                path.append('[').append(step.getIndex()).append(']');
            }
        }
        return path.toString();
    }

    /** Where the reader stood; it names no field of its own. */
    private static String path(InputCoercionException failure) {
        return failure.processor() instanceof JsonParser parser ? path(parser.streamReadContext()) : "";
    }

    private static String path(@Nullable TokenStreamContext at) {
        if (at == null || at.inRoot()) {
            return "";
        }
        var before = path(at.getParent());
        return at.inArray()
                ? before + '[' + at.getCurrentIndex() + ']'
                : before + (before.isEmpty() ? "" : ".") + at.currentName();
    }

    private static String otherFields(UnrecognizedPropertyException unknown) {
        var known = unknown.getKnownPropertyIds();
        return known == null || known.isEmpty()
                ? ""
                : known.stream().map(String::valueOf).sorted().collect(Collectors.joining(", ", "; there are ", ""));
    }

    private static String cut(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
