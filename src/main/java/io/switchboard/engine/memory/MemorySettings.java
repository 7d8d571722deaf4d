package io.switchboard.engine.memory;

/**
 * The bounds of the memory engine.
 *
 * @param maxBytes how much history is kept in all, counted as bytes of JSON and a fixed overhead
 * @param maxChannels how many channels are kept; beyond, the one that was silent longest of those
 *     on which nobody listens is forgotten and begins a new epoch when it is used again
 */
public record MemorySettings(long maxBytes, int maxChannels) {}
