package io.switchboard.admission;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The addresses that begin with the same bits, as in {@code 10.0.0.0/8} or {@code fd00::/8}; a
 * single address is one too. No name is ever looked up.
 */
record Network(InetAddress first, int prefix) {
  private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern V4 = Pattern.compile("(?:%s\\.){3}%s".formatted(OCTET, OCTET));
  private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:][0-9a-fA-F:.]{1,44}");

  /** Reads an address, or one with a length after a slash. */
  static Optional<Network> parse(String text) {
    String[] parts = text.split("/", -1);
    Optional<InetAddress> first = address(parts[0]);
    if (first.isEmpty() || parts.length > 2) {
      return Optional.empty();
    }
    int bits = first.get().getAddress().length * Byte.SIZE;
    if (parts.length == 1) {
      return Optional.of(new Network(first.get(), bits));
    }
    return parts[1].matches("\\d{1,3}") && Integer.parseInt(parts[1]) <= bits
        ? Optional.of(new Network(first.get(), Integer.parseInt(parts[1])))
        : Optional.empty();
  }

  /**
   * Reads an address in digits. One of IPv4 that is written as IPv6 ({@code ::ffff:192.0.2.1}) is
   * one of IPv4.
   */
  static Optional<InetAddress> address(String text) {
    boolean isLiteral =
        V4.matcher(text).matches() || (text.indexOf(':') >= 0 && V6.matcher(text).matches());
    if (!isLiteral) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** Returns whether {@code address} is one of them. */
  boolean contains(InetAddress address) {
    byte[] mine = first.getAddress();
    byte[] other = address.getAddress();
    if (mine.length != other.length) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit += Byte.SIZE) {
      int counted = Math.min(Byte.SIZE, prefix - bit);
      int difference = (mine[bit / Byte.SIZE] ^ other[bit / Byte.SIZE]) & 0xFF;
      if (difference >> (Byte.SIZE - counted) != 0) {
        return false;
      }
    }
    return true;
  }
}
