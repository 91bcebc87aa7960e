package io.switchboard.configclient.autoconfigure;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.convert.ConverterNotFoundException;
import org.springframework.core.env.PropertySource;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/** What was wrong with a value, in words that do not contain it. */
final class BindingFault {

    private BindingFault() {}

    static String describe(BindException fault) {
        Optional<BindValidationException> invalid = cause(fault, BindValidationException.class);
        if (invalid.isPresent()) {
            String prefix = String.valueOf(invalid.get().getValidationErrors().getName());
            return invalid.get().getValidationErrors().getAllErrors().stream()
                    .map(error -> describe(prefix, error))
                    .sorted()
                    .collect(Collectors.joining("; "));
        }
        Optional<UnboundConfigurationPropertiesException> unknown =
                cause(fault, UnboundConfigurationPropertiesException.class);
        if (unknown.isPresent()) {
            return "unknown: "
                    + unknown.get().getUnboundProperties().stream()
                            .map(property -> property.getName().toString())
                            .collect(Collectors.joining(", "));
        }
        return fault.getName() + " " + reason(fault);
    }

    private static String reason(BindException fault) {
        boolean conversion = cause(fault, ConversionFailedException.class).isPresent()
                || cause(fault, ConverterNotFoundException.class).isPresent();
        String type = String.valueOf(fault.getTarget().getType());
        if (conversion || fault.getCause() == null) {
            return "is no " + type;
        }
        // Such a message may well repeat the value.
        return "can't become " + type + " (" + root(fault).getClass().getSimpleName() + ")";
    }

    private static String describe(String prefix, ObjectError error) {
        if (error instanceof FieldError field) {
            String message = String.valueOf(field.getDefaultMessage());
            // A constraint's message may repeat the value.
            boolean repeats = message.contains(String.valueOf(field.getRejectedValue()));
            return prefix + "." + field.getField() + " " + (repeats ? "is not valid: " + field.getCode() : message);
        }
        return prefix + " is not valid: " + error.getCode();
    }

    /**
     * The release at fault, if the fault lies in one, or may: in what another source refers to.
     *
     * @param sources of the environment, as far as there is one yet
     */
    static Optional<ReleasePropertySource> release(BindException fault, Iterable<PropertySource<?>> sources) {
        return Stream.concat(
                        Stream.ofNullable(fault.getProperty()),
                        cause(fault, BindValidationException.class).stream()
                                .flatMap(invalid -> invalid.getValidationErrors().getBoundProperties().stream()))
                .flatMap(property -> release(property, sources).stream())
                .findFirst();
    }

    private static Optional<ReleasePropertySource> release(
            ConfigurationProperty property, Iterable<PropertySource<?>> sources) {
        if (property.getSource() != null
                && property.getSource().getUnderlyingSource() instanceof ReleasePropertySource release) {
            return Optional.of(release);
        }
        return property.getValue() instanceof CharSequence value
                        && value.toString().contains("${")
                ? ReleasePropertySource.behind(value.toString(), sources)
                : Optional.empty();
    }

    private static <T extends Throwable> Optional<T> cause(Throwable fault, Class<T> type) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
        }
        return Optional.empty();
    }

    private static Throwable root(Throwable fault) {
        Throwable root = fault;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
