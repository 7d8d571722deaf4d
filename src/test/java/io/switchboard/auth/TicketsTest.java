package io.switchboard.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.testing.FakeTime;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TicketsTest {
  private static final Identity ANN = new Identity("ann", false, "Ann");

  private final FakeTime time = new FakeTime();
  private final Tickets tickets = new Tickets(new Random(1), time);

  private String issue() {
    return tickets.issue(new Pass(ANN)).orElseThrow();
  }

  @Test
  void aTicketHoldsOnce() {
    String ticket = issue();
    assertTrue(tickets.isGood(ticket));
    assertTrue(tickets.isGood(ticket), "looking at it does not use it up");
    assertEquals(Optional.of(new Pass(ANN)), tickets.redeem(ticket));
    assertFalse(tickets.isGood(ticket));
    assertEquals(Optional.empty(), tickets.redeem(ticket));
  }

  @Test
  void aTicketHoldsFor30Seconds() {
    String early = issue();
    time.pass(Duration.ofSeconds(20));
    String late = issue();
    time.pass(Duration.ofSeconds(10).minusNanos(1));
    assertTrue(tickets.isGood(early));
    time.pass(Duration.ofNanos(1));
    assertFalse(tickets.isGood(early));
    assertEquals(Optional.empty(), tickets.redeem(early));
    assertEquals(Optional.of(new Pass(ANN)), tickets.redeem(late));
  }

  @Test
  void aTicketHas128RandomBitsAtLeast() {
    String ticket = issue();
    assertTrue(Base64.getUrlDecoder().decode(ticket).length >= 16);
    assertNotEquals(ticket, issue());
  }

  @Test
  void whatWasNeverIssuedIsNotGood() {
    issue();
    for (String ticket : new String[] {"", "x", "é", issue() + "A"}) {
      assertFalse(tickets.isGood(ticket));
      assertEquals(Optional.empty(), tickets.redeem(ticket));
    }
  }

  @Test
  void soManyMayBeOutAndNoMore() {
    String first = issue();
    for (int i = 1; i < Tickets.MAX_TICKETS; i++) {
      issue();
    }
    assertEquals(Optional.empty(), tickets.issue(new Pass(ANN)));
    assertTrue(tickets.redeem(first).isPresent());
    issue();
    assertEquals(Optional.empty(), tickets.issue(new Pass(ANN)));
    time.pass(Tickets.LIFETIME);
    issue();
  }
}
