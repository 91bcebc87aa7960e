package io.switchboard.request.order;

/**
 * A caller's word for an order that it may send again.
 *
 * @param tenant whose
 * @param key unique within the tenant
 * @param requestHash tells whether it really is the same order
 */
record Claim(String tenant, String key, String requestHash) {

    boolean sameKey(Claim other) {
        return tenant.equals(other.tenant) && key.equals(other.key);
    }
}
