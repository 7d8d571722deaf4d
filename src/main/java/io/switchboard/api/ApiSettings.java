package io.switchboard.api;

/**
 * What callers of the server API may use.
 *
 * @param wrongKeysRate wrong keys per second from one address in the long run
 * @param wrongKeysBurst wrong keys at once from one address
 * @param maxBody how many bytes a body of publications may hold, unless one message may be longer
 */
public record ApiSettings(int wrongKeysRate, int wrongKeysBurst, int maxBody) {}
