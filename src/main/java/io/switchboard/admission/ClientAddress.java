package io.switchboard.admission;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;

/** What counts as one address: whoever has an IPv6 address has the 2^64 of its network. */
final class ClientAddress {
  private static final int NETWORK_BYTES = 8;

  private ClientAddress() {}

  /** Returns {@code address}, or the /64 network of one that is IPv6. */
  static String of(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    try {
      InetAddress parsed = InetAddress.getByName(address); // a literal: nothing is looked up
      return parsed instanceof Inet6Address
          ? HexFormat.ofDelimiter(":").formatHex(Arrays.copyOf(parsed.getAddress(), NETWORK_BYTES))
              + "/64"
          : parsed.getHostAddress();
    } catch (UnknownHostException e) {
      return address;
    }
  }
}
