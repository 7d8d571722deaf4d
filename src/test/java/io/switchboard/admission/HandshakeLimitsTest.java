package io.switchboard.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.OriginPolicy;
import io.switchboard.testing.FakeTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandshakeLimitsTest {
  @Test
  void anAddressMayKnockSoOften() {
    FakeTime time = new FakeTime();
    HandshakeLimits limits =
        new HandshakeLimits(
            new GateSettings(
                new OriginPolicy(List.of()),
                true,
                1,
                1,
                10,
                2,
                new TrustedProxies(List.of()),
                List.of()),
            time);
    assertTrue(limits.allows("a"));
    assertTrue(limits.allows("a"));
    assertFalse(limits.allows("a"));
    assertTrue(limits.allows("b"));
    time.pass(Duration.ofMillis(100));
    assertTrue(limits.allows("a"));
    assertFalse(limits.allows("a"));
    time.pass(Duration.ofHours(1));
    assertTrue(limits.allows("a"));
  }

  @Test
  void anIpv6NetworkCountsAsOneAddress() {
    assertEquals("10.0.0.7", ClientAddress.of("10.0.0.7"));
    assertEquals(
        ClientAddress.of("2001:db8:1:2:3:4:5:6"), ClientAddress.of("2001:db8:1:2:ffff::1"));
    assertNotEquals(ClientAddress.of("2001:db8:1:2::1"), ClientAddress.of("2001:db8:1:3::1"));
  }
}
