package io.switchboard.starter.problem;

import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.deser.jdk.StringDeserializer;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.module.SimpleModule;

/** Refuses text that JSON can write and PostgreSQL or UTF-8 can't: the character NUL, and half of a surrogate pair. */
final class StorableText extends StringDeserializer {

    static final SimpleModule MODULE = new SimpleModule()
            .addDeserializer(String.class, new StorableText())
            .addKeyDeserializer(String.class, new Key());

    private StorableText() {}

    @Override
    public String deserialize(JsonParser parser, DeserializationContext context) {
        return checked(super.deserialize(parser, context), parser);
    }

    private static String checked(String text, JsonParser parser) {
        Optional<String> why = whyNot(text);
        if (why.isPresent()) {
            throw new Refused(parser, why.get());
        }
        return text;
    }

    private static Optional<String> whyNot(String text) {
        if (text.indexOf('\0') >= 0) {
            return Optional.of("must not hold the character NUL ('\\u0000')");
        }
        return StandardCharsets.UTF_8.newEncoder().canEncode(text)
                ? Optional.empty()
                : Optional.of("must not hold half of a surrogate pair (like '\\ud83d')");
    }

    private static final class Key extends KeyDeserializer {

        @Override
        public String deserializeKey(String key, DeserializationContext context) {
            return checked(key, context.getParser());
        }
    }

    /** Its message is for whoever sent the text, and doesn't quote it. */
    static final class Refused extends MismatchedInputException {

        @Serial
        private static final long serialVersionUID = 1;

        private Refused(JsonParser parser, String message) {
            super(parser, message, String.class);
        }
    }
}
