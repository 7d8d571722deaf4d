package io.switchboard.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Tickets: secrets that an application asks for on behalf of a user, and that let one handshake in
 * as that user.
 *
 * <p>A ticket holds for {@link #LIFETIME} and once. It is kept as its SHA-256 only, so that a dump
 * of the memory lets nobody in, and on this node only. Safe for use by many threads.
 */
public final class Tickets {
  /** How long a ticket holds. */
  public static final Duration LIFETIME = Duration.ofSeconds(30);

  /** So many tickets may be out at a time. */
  public static final int MAX_TICKETS = 50_000;

  /** Random bytes of a ticket. */
  private static final int BYTES = 24;

  private record Entry(Pass pass, long issuedAt) {}

  private final RandomGenerator random;
  private final LongSupplier nanos;

  /** By the hash of the ticket, oldest first. Guarded by itself. */
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /**
   * Makes one that has given out none.
   *
   * @param random must be cryptographically strong
   */
  public Tickets(RandomGenerator random, LongSupplier nanos) {
    this.random = random;
    this.nanos = nanos;
  }

  /** Returns a ticket for {@code pass}, or nothing where {@link #MAX_TICKETS} are out. */
  public Optional<String> issue(Pass pass) {
    byte[] secret = new byte[BYTES];
    random.nextBytes(secret);
    String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    synchronized (entries) {
      forgetExpired();
      if (entries.size() >= MAX_TICKETS) {
        return Optional.empty();
      }
      entries.put(hash(ticket), new Entry(pass, nanos.getAsLong()));
    }
    return Optional.of(ticket);
  }

  /** Returns whether {@code ticket} would be redeemed now. */
  public boolean isGood(String ticket) {
    synchronized (entries) {
      forgetExpired();
      return entries.containsKey(hash(ticket));
    }
  }

  /** Returns what {@code ticket} is worth and uses it up; nothing if it is not good. */
  public Optional<Pass> redeem(String ticket) {
    synchronized (entries) {
      forgetExpired();
      return Optional.ofNullable(entries.remove(hash(ticket))).map(Entry::pass);
    }
  }

  private void forgetExpired() {
    long now = nanos.getAsLong();
    Iterator<Entry> oldest = entries.values().iterator();
    while (oldest.hasNext() && now - oldest.next().issuedAt() >= LIFETIME.toNanos()) {
      oldest.remove();
    }
  }

  private static String hash(String ticket) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(ticket.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}
