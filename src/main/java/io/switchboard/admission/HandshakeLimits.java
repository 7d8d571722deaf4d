package io.switchboard.admission;

import java.util.function.LongSupplier;

/** How often an address may knock. Safe for use by many threads. */
public final class HandshakeLimits {
  private final AddressRates rates;

  /** Makes one that has seen nobody. */
  public HandshakeLimits(GateSettings settings, LongSupplier nanos) {
    this.rates = new AddressRates(settings.rate(), settings.burst(), nanos);
  }

  /** Returns whether {@code address} may shake hands once more. */
  boolean allows(String address) {
    return rates.take(address);
  }
}
