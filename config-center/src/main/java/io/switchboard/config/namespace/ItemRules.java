package io.switchboard.config.namespace;

import io.switchboard.config.secret.Secrets;
import io.switchboard.configprotocol.Format;
import io.switchboard.configprotocol.Items;
import io.switchboard.contracts.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What may be in a namespace. Details name the key and the bound, never a value. */
final class ItemRules {

    static final int LARGEST_ITEM = 64 * 1024;

    /** Compressed; a ZooKeeper node may have 1 MiB, and a release carries its description too. */
    static final int LARGEST_NAMESPACE = 512 * 1024;

    private static final int LONGEST_KEY = 255;
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._\\[\\]-]*");

    private ItemRules() {}

    /**
     * The items with these changes; {@code null} takes a key out.
     *
     * @throws Problem {@link ConfigProblem#ENCRYPTED_ITEM} if a key is encrypted: nobody shall put its value in the open
     *     by mistake
     */
    static Items apply(Items items, Map<String, @Nullable String> changes) {
        var values = new TreeMap<>(items.values());
        for (Map.Entry<String, @Nullable String> change : changes.entrySet()) {
            String value = change.getValue();
            if (items.secrets().containsKey(change.getKey())) {
                throw new Problem(
                        ConfigProblem.ENCRYPTED_ITEM,
                        "'" + change.getKey() + "' is an encrypted item.",
                        Map.of("key", change.getKey()));
            }
            if (value == null) {
                values.remove(change.getKey());
            } else {
                values.put(change.getKey(), value);
            }
        }
        return new Items(values, items.secrets());
    }

    /** As {@link #apply(Items, Map)}, with comments that change, too; {@code null} takes one away. */
    static Content apply(
            Content content, Map<String, @Nullable String> changes, Map<String, @Nullable String> comments) {
        Items items = apply(content.items(), changes);
        return new Content(items, content.comments().with(comments, items.keys()));
    }

    /** Whether this may be encrypted in a namespace of that name. */
    static void checkSecrets(String namespace, Map<String, @Nullable String> changes) {
        if (Format.of(namespace).isDocument()) {
            throw new Problem(
                    ConfigProblem.INVALID_KEY, "'" + namespace + "' is one document, and no document is encrypted.");
        }
        check(namespace, changes);
    }

    /** The items with these keys encrypted; {@code null} takes an encrypted one out. */
    static Items encrypt(Items items, Map<String, @Nullable String> changes, Secrets.Sealer sealer) {
        var values = new TreeMap<>(items.values());
        var secrets = new TreeMap<>(items.secrets());
        changes.forEach((key, value) -> {
            if (value == null) {
                secrets.remove(key);
            } else {
                values.remove(key);
                secrets.put(key, sealer.seal(key, value, Optional.ofNullable(secrets.get(key))));
            }
        });
        return new Items(values, secrets);
    }

    /** Whether this may be changed in a namespace of that name. */
    static void check(String namespace, Map<String, @Nullable String> changes) {
        Format format = Format.of(namespace);
        changes.forEach((key, value) -> {
            if (!format.isDocument()) {
                checkKey(key);
            } else if (value != null && !key.equals(Format.CONTENT)) {
                throw new Problem(
                        ConfigProblem.INVALID_KEY,
                        "'" + namespace + "' is one document, under the key '" + Format.CONTENT + "'.",
                        Map.of("key", shown(key)));
            }
            if (value != null) {
                checkValue(key, value, format.isDocument() ? DocumentRules.LARGEST : LARGEST_ITEM);
                DocumentRules.check(format, value);
            }
        });
    }

    private static void checkKey(String key) {
        if (key.length() > LONGEST_KEY || !KEY.matcher(key).matches()) {
            throw new Problem(ConfigProblem.INVALID_KEY, "'" + shown(key) + "' is no key.", Map.of("key", shown(key)));
        }
    }

    private static void checkValue(String key, String value, int largest) {
        if (!isText(value)) {
            throw new Problem(
                    ConfigProblem.INVALID_VALUE, "The value of '" + key + "' is not Unicode text.", Map.of("key", key));
        }
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > largest) {
            throw new Problem(
                    ConfigProblem.ITEM_TOO_LARGE,
                    "The value of '" + key + "' has " + bytes + " bytes, it may have " + largest + ".",
                    Map.of("key", key));
        }
    }

    /** Whether it can be stored and read back: a lone half of a character can't. */
    static boolean isText(String value) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(value);
    }

    /** A message for the history, empty if there is none. */
    static String message(@Nullable String message) {
        String text = Objects.requireNonNullElse(message, "");
        if (!isText(text)) {
            throw new Problem(ConfigProblem.INVALID_VALUE, "The message is not Unicode text.");
        }
        return text;
    }

    /** Why a rule is not to hold; null to let it hold. */
    static @Nullable String reason(@Nullable String reason) {
        return reason == null ? null : message(reason);
    }

    /** The bytes to store. */
    static byte[] encode(Items items) {
        byte[] encoded;
        try {
            encoded = items.encode();
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    ConfigProblem.NAMESPACE_FULL, "A namespace may have " + Items.LARGEST_PLAIN + " bytes in all.");
        }
        if (encoded.length > LARGEST_NAMESPACE) {
            throw new Problem(
                    ConfigProblem.NAMESPACE_FULL,
                    "The namespace would have " + encoded.length + " bytes compressed, it may have " + LARGEST_NAMESPACE
                            + ".");
        }
        return encoded;
    }

    /** Short and printable, whatever was sent. */
    static String shown(String key) {
        String printable = key.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.length() <= 60 ? printable : printable.substring(0, 60) + "...";
    }
}
