package io.switchboard.image.registry;

/** What the registry shows when it reports to us. */
record NotificationToken(String value) {

    @Override
    public String toString() {
        return "NotificationToken[]";
    }
}
