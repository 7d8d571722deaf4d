package io.switchboard.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.auth.ChannelPolicy.Verdict;
import io.switchboard.auth.ChannelPolicy.Verdict.Denied;
import io.switchboard.auth.ChannelPolicy.Verdict.Granted;
import io.switchboard.auth.ChannelPolicy.Verdict.Unknown;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Namespace.Access;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ChannelPolicyTest {
  private static final Identity ANN = new Identity("ann", false);
  private static final Identity GUEST = new Identity("guest-1", true);

  private final ChannelPolicy policy = new ChannelPolicy(namespaces());

  /** The shipped ones, and one for each access, which both ways of using it need. */
  private static List<Namespace> namespaces() {
    List<Namespace> all = new ArrayList<>(Namespace.SHIPPED);
    for (Access access : Access.values()) {
      all.add(new Namespace("x" + access, access, access, 1, Duration.ofDays(1), true));
    }
    return all;
  }

  private boolean may(Identity who, Action what, String channel) {
    return policy.decide(who, what, new ChannelName(channel)) instanceof Granted;
  }

  @ParameterizedTest
  @CsvSource({
    "xANYONE:ann, true, true",
    "xAUTHENTICATED:ann, true, false",
    "xOWNER:ann, true, false",
    "xOWNER:bob, false, false",
    "xOWNER:guest-1, false, false",
    "xTOKEN:ann, false, false",
    "xSERVER:ann, false, false",
  })
  void anAccessHoldsForAllThatOneCanDo(String channel, boolean ann, boolean guest) {
    for (Action what : Action.values()) {
      assertEquals(ann, may(ANN, what, channel), what.toString());
      assertEquals(guest, may(GUEST, what, channel), what.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "room:a, SUBSCRIBE, true, true",
    "room:a, PUBLISH, true, true",
    "room:a, PRESENCE, true, true",
    "user:ann, SUBSCRIBE, true, false",
    "user:ann, HISTORY, true, false",
    "user:ann, PUBLISH, false, false",
    "user:bob, SUBSCRIBE, false, false",
    "push:a, SUBSCRIBE, true, false",
    "push:a, PUBLISH, false, false",
    "push:a, PRESENCE, false, false",
    "live:a, SUBSCRIBE, true, true",
    "live:a, PUBLISH, true, true",
    "live:a, PRESENCE, false, false",
  })
  void theShippedOnesAreAsTheProtocolSays(String channel, Action what, boolean ann, boolean guest) {
    assertEquals(ann, may(ANN, what, channel));
    assertEquals(guest, may(GUEST, what, channel));
  }

  @Test
  void aTokenIsSaidToBeMissing() {
    Denied denied =
        assertInstanceOf(
            Denied.class, policy.decide(ANN, Action.SUBSCRIBE, new ChannelName("xTOKEN:a")));
    assertEquals("a token for it is needed, and none are accepted yet", denied.why());
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void anUnknownNamespaceIsAnsweredWithTheKnownOnes(Action what) {
    ChannelName channel = new ChannelName("rooms:a");
    for (Verdict verdict :
        List.of(policy.decide(ANN, what, channel), policy.decideForServer(what, channel))) {
      String accepted = assertInstanceOf(Unknown.class, verdict).accepted();
      assertTrue(accepted.startsWith("expected one of the namespaces live, push, room"), accepted);
    }
  }

  @Test
  void theServerMayDoWhatNoClientMay() {
    for (Action what : Action.values()) {
      assertInstanceOf(Granted.class, policy.decideForServer(what, new ChannelName("xSERVER:ann")));
    }
    assertInstanceOf(
        Denied.class, policy.decideForServer(Action.PRESENCE, new ChannelName("push:a")));
  }
}
