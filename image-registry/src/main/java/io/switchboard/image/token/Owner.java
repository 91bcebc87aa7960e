package io.switchboard.image.token;

/**
 * Whose a repository is, by what its name begins with: {@code acme/ivr} is tenant acme's.
 *
 * @param name the tenant's or {@link #PLATFORM}'s; empty if the repository is nobody's
 */
public record Owner(String name) {

    /** Its images are everybody's to pull and the operators' to push. */
    public static final Owner PLATFORM = new Owner("platform");

    public static Owner of(String repository) {
        return new Owner(repository.substring(0, Math.max(0, repository.indexOf('/'))));
    }

    /** False for a tenant that is named as the platform is, which owns nothing. */
    public boolean isTenant(String tenant) {
        return !equals(PLATFORM) && !name.isEmpty() && name.equals(tenant);
    }
}
