package io.switchboard.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.auth.ChannelPolicy.Verdict;
import io.switchboard.auth.ChannelPolicy.Verdict.Denied;
import io.switchboard.auth.ChannelPolicy.Verdict.Granted;
import io.switchboard.auth.ChannelPolicy.Verdict.NeedsToken;
import io.switchboard.auth.ChannelPolicy.Verdict.Unknown;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Namespace.Access;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NamespacePolicyTest {
  private static final Identity ANN = new Identity("ann", false);
  private static final Identity GUEST = new Identity("guest-1", true);

  private final ChannelPolicy policy = new NamespacePolicy(namespaces());

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

  @ParameterizedTest
  @EnumSource(Action.class)
  void aTokenOpensAllButSpeaking(Action what) {
    Verdict verdict = policy.decide(ANN, what, new ChannelName("xTOKEN:a"));
    if (what == Action.PUBLISH) {
      assertEquals("a token for it is needed", assertInstanceOf(Denied.class, verdict).why());
    } else {
      assertInstanceOf(NeedsToken.class, verdict);
    }
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void whatIsGrantedCountsBeyondTheNamespace(Action what) {
    Identity known = granted("ann", what, "xSERVER:eu-*");
    for (Action other : Action.values()) {
      assertEquals(other == what, may(known, other, "xSERVER:eu-1"), other.toString());
    }
    assertFalse(may(known, what, "xSERVER:us-1"));
    assertFalse(may(known, what, "xTOKEN:eu-1"));
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void nothingIsGrantedOnWhatIsOthersOwn(Action what) {
    assertFalse(may(granted("ann", what, "user:*"), what, "user:bob"));
    assertFalse(may(granted("ann", what, "xOWNER:*"), what, "xOWNER:bob"));
  }

  @Test
  void theOwnerMayBeGrantedMoreOfIt() {
    assertTrue(may(granted("ann", Action.PUBLISH, "user:ann"), Action.PUBLISH, "user:ann"));
  }

  @Test
  void readingAndLookingHaveAccessesOfTheirOwn() {
    Namespace namespace =
        new Namespace(
            "wall",
            Access.ANYONE,
            Access.ANYONE,
            Access.AUTHENTICATED,
            Access.SERVER,
            1,
            Duration.ofDays(1),
            true,
            Namespace.Deliver.EVERY,
            true,
            0,
            0);
    ChannelPolicy own = new NamespacePolicy(List.of(namespace));
    ChannelName wall = new ChannelName("wall:a");
    assertInstanceOf(Granted.class, own.decide(GUEST, Action.SUBSCRIBE, wall));
    assertInstanceOf(Denied.class, own.decide(GUEST, Action.HISTORY, wall));
    assertInstanceOf(Granted.class, own.decide(ANN, Action.HISTORY, wall));
    assertInstanceOf(Denied.class, own.decide(ANN, Action.PRESENCE, wall));
    assertInstanceOf(Granted.class, own.decideForServer(Action.PRESENCE, wall));
  }

  private static Identity granted(String user, Action what, String pattern) {
    return new Identity(
        user,
        false,
        null,
        new Grants(Set.of(), Map.of(what, List.of(new ChannelPattern(pattern)))));
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
