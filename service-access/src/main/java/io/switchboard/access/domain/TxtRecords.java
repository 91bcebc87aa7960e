package io.switchboard.access.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.stream.Collectors;
import javax.naming.CompositeName;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.InitialDirContext;

/** TXT records as a resolver tells them, by the JDK's own client of DNS. Nothing is remembered beside what the resolver does. */
final class TxtRecords {

    private static final String FACTORY = "com.sun.jndi.dns.DnsContextFactory";
    /** Each waits twice as long as the one before. */
    private static final int ATTEMPTS = 2;

    private final Hashtable<String, String> settings = new Hashtable<>();

    /**
     * @param resolvers {@code host:port}, asked one after the other; empty: those of this machine
     * @param timeout of the first attempt
     */
    TxtRecords(List<String> resolvers, Duration timeout) {
        settings.put(Context.INITIAL_CONTEXT_FACTORY, FACTORY);
        settings.put(
                Context.PROVIDER_URL,
                resolvers.isEmpty()
                        ? "dns:"
                        : resolvers.stream()
                                .map(resolver -> "dns://" + resolver)
                                .collect(Collectors.joining(" ")));
        settings.put("com.sun.jndi.dns.timeout.initial", Long.toString(timeout.toMillis()));
        settings.put("com.sun.jndi.dns.timeout.retries", Integer.toString(ATTEMPTS));
    }

    /** What a resolver says. */
    sealed interface Answer {

        /** @param values none if there is no such name, or no such record of it */
        record Values(List<String> values) implements Answer {

            public Values {
                values = List.copyOf(values);
            }
        }

        /** It says nothing of the records: it can't be reached, refuses, or can't reach those who know. */
        record Silence(String why) implements Answer {}
    }

    /** @param name of the records, in lower case and ASCII */
    Answer of(String name) {
        try {
            var context = new InitialDirContext(settings);
            try {
                var records = context.getAttributes(new CompositeName().add(name), new String[] {"TXT"})
                        .get("TXT");
                List<String> values = new ArrayList<>();
                if (records != null) {
                    for (int at = 0; at < records.size(); at++) {
                        values.add(unquoted(String.valueOf(records.get(at))));
                    }
                }
                return new Answer.Values(values);
            } finally {
                context.close();
            }
        } catch (NameNotFoundException e) {
            return new Answer.Values(List.of());
        } catch (NamingException e) {
            var cause = e.getRootCause();
            return new Answer.Silence(e.getMessage() + (cause == null ? "" : " (" + cause.getMessage() + ")"));
        }
    }

    /** The client puts quotes around what has blanks. */
    private static String unquoted(String value) {
        return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }
}
