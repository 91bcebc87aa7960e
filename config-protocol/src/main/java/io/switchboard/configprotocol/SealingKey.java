package io.switchboard.configprotocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A key of 256 bits for AES-GCM (NIST SP 800-38D) with a random nonce of 96 bits and a tag of 128 bits. What is sealed
 * opens only with the same key and in the same context, so that nobody can put it in another place. One key may seal
 * 2<sup>32</sup> times.
 */
public final class SealingKey {

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] key;

    private SealingKey(byte[] key) {
        this.key = key;
    }

    public static SealingKey random() {
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        return new SealingKey(key);
    }

    /**
     * The reverse of {@link #encoded}; the usual base64 with padding is read, too.
     *
     * @throws IllegalArgumentException if the text is no such key; it does not repeat what was given
     */
    public static SealingKey parse(String text) {
        byte[] key;
        try {
            key = Base64.getUrlDecoder().decode(text.strip().replace('+', '-').replace('/', '_'));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a key must be base64");
        }
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a key must have " + KEY_BYTES + " bytes but has " + key.length);
        }
        return new SealingKey(key);
    }

    /** 43 characters that hold the key itself: a secret. */
    public String encoded() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
    }

    /** 16 hex digits, of the key's SHA-256: they name the key and tell nothing about it. */
    public String id() {
        return HexFormat.of().formatHex(Frame.sha256(key), 0, 8);
    }

    /** @param context where it belongs; needed to open it and not part of it */
    public Sealed seal(String context, byte[] plain) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        return new Sealed(id(), sealed(nonce, context, plain));
    }

    /**
     * Whether that was sealed with this key, in this context, from that plain content; found without opening it, in a time that doesn't
     * depend on where they differ.
     *
     * <p>For that the plain content is sealed with the nonce that is there. To use a nonce twice gives away what both contents have
     * to do with each other, to whoever sees both results; here nobody does: the second one is compared and neither kept nor sent.
     */
    public boolean seals(String context, byte[] plain, Sealed sealed) {
        byte[] content = sealed.content();
        return sealed.keyId().equals(id())
                && MessageDigest.isEqual(sealed(Arrays.copyOf(content, NONCE_BYTES), context, plain), content);
    }

    /** The nonce, then the ciphertext with its tag. */
    private byte[] sealed(byte[] nonce, String context, byte[] plain) {
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, context).doFinal(plain);
            return ByteBuffer.allocate(nonce.length + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has AES-GCM", e);
        }
    }

    /** @throws CannotOpen if it was sealed with another key, in another context, or was altered */
    public byte[] open(String context, Sealed sealed) throws CannotOpen {
        byte[] content = sealed.content();
        if (!sealed.keyId().equals(id())) {
            throw new CannotOpen("it is sealed with key " + sealed.keyId() + ", not with " + id());
        }
        if (content.length < NONCE_BYTES) {
            throw new CannotOpen("it is cut off");
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(content, NONCE_BYTES), context)
                    .doFinal(content, NONCE_BYTES, content.length - NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new CannotOpen("it was altered, or put in another place than it was sealed for");
        }
    }

    /** Another key, to be opened by {@link #openKey}. */
    public Sealed sealKey(String context, SealingKey other) {
        return seal(context, other.key);
    }

    public SealingKey openKey(String context, Sealed sealed) throws CannotOpen {
        byte[] opened = open(context, sealed);
        if (opened.length != KEY_BYTES) {
            throw new CannotOpen("it is no key");
        }
        return new SealingKey(opened);
    }

    private Cipher cipher(int mode, byte[] nonce, String context) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SealingKey that && MessageDigest.isEqual(key, that.key);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(key);
    }

    @Override
    public String toString() {
        return "SealingKey[" + id() + "]";
    }
}
