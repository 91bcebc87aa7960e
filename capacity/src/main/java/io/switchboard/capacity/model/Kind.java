package io.switchboard.capacity.model;

import java.util.Map;

/**
 * What one model is about: a service type in one mode of work, where a mode is a codec or what stands for it.
 *
 * @param service the service type, for example {@code voice-rtp}
 * @param mode in words where the codec is known, else the codec itself
 */
public record Kind(String service, String mode) implements Comparable<Kind> {

    private static final Map<String, String> MODES = Map.ofEntries(
            Map.entry("voice-rtp none", "call setup only"),
            Map.entry("voice-rtp PCMU", "G.711 relay"),
            Map.entry("voice-rtp G729", "G.729 relay"),
            Map.entry("voice-rtp PCMU>opus", "G.711>Opus transcode"),
            Map.entry("ivr PCMU", "G.711 menu+DTMF"),
            Map.entry("ivr G722", "G.722 menu+DTMF"),
            Map.entry("acd PCMU", "queue+bridge"),
            Map.entry("recording PCMU", "PCM file"),
            Map.entry("recording PCMU>rec-opus", "Opus file"),
            Map.entry("video VP8-400k+opus", "1:1 VP8 400k"),
            Map.entry("video opus", "1:1 audio"));

    /** The mode of a codec; signalling and chat cost the same whatever the media carry, and have one mode each. */
    static Kind of(String service, String codec) {
        return switch (service) {
            case "voice-sip" -> new Kind(service, "proxy+registrar");
            case "web-chat" -> new Kind(service, "1:1 chat");
            default -> new Kind(service, MODES.getOrDefault(service + " " + codec, codec.isEmpty() ? "all" : codec));
        };
    }

    @Override
    public int compareTo(Kind other) {
        int byService = service.compareTo(other.service);
        return byService != 0 ? byService : mode.compareTo(other.mode);
    }
}
