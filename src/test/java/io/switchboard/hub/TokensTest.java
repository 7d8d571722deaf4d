package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.ChannelPattern;
import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.auth.Grants;
import io.switchboard.auth.Identity;
import io.switchboard.auth.Pass;
import io.switchboard.auth.Tokens;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Payload;
import io.switchboard.engine.Order;
import io.switchboard.testing.FakeTime;
import io.switchboard.testing.TestNode;
import io.switchboard.testing.TestNode.Client;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What tokens do to sessions: who they are, and how long. */
class TokensTest {
  private static final Identity GUEST = new Identity("guest-7", true);
  private static final Instant IN_A_MINUTE = FakeTime.START.plusSeconds(60);

  private final Map<String, Tokens.Verdict> known = new HashMap<>();
  private final TestNode node =
      new TestNode(namespaces(), 16, 1 << 20, TestNode.GRACE, new Known());

  /** The shipped ones, and one where anybody may listen and nobody sees who else does. */
  private static List<Namespace> namespaces() {
    List<Namespace> all = new ArrayList<>(Namespace.SHIPPED);
    all.add(
        new Namespace(
            "desk",
            Namespace.Access.ANYONE,
            Namespace.Access.ANYONE,
            Namespace.Access.ANYONE,
            Namespace.Access.SERVER,
            10,
            Duration.ofHours(1),
            true,
            Namespace.Deliver.EVERY,
            true,
            0,
            Namespace.CHANNEL_RATE));
    return all;
  }

  /** Tokens that the test has made known. */
  private final class Known implements Tokens {
    @Override
    public boolean accepted() {
      return true;
    }

    @Override
    public Verdict verify(String token) {
      return known.getOrDefault(token, new Verdict.Bad("nobody knows it", false));
    }

    @Override
    public Verdict verify(String token, String user, ChannelName channel) {
      return verify(token);
    }
  }

  @AfterEach
  void nothingIsLeftBehind() {
    node.assertEndsEmpty();
  }

  private void token(String token, String user, Instant until) {
    known.put(token, new Tokens.Verdict.Good(new Identity(user, false, "Ann"), until));
  }

  private Client pending() {
    return node.connect(node.superchat, new Pass(GUEST, null, null, true));
  }

  private Client connected(String token) {
    Client client = pending();
    client.sayAndSettle("{'type':'connect','id':1,'token':'%s'}".formatted(token));
    client.next("connected");
    return client;
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      node.time.pass(Duration.ofSeconds(1));
      node.registry.beat();
      node.workers.runAll();
      node.registry.all().forEach(session -> session.alive());
    }
  }

  private static void assertEnded(Client client, int code) {
    assertEquals(code, client.next("bye").getInt("code"));
    client.assertNothingMore();
    assertTrue(client.session.hasEnded());
  }

  @Test
  void connectMakesAUserOfWhoShowsAToken() {
    token("t", "ann", IN_A_MINUTE);
    Client client = pending();
    assertEquals(1, node.registry.of("guest-7").size());
    client.sayAndSettle("{'type':'connect','id':1,'token':'t','name':'Mallory'}");
    var connected = client.next("connected");
    assertEquals("ann", connected.getString("user"));
    assertEquals("2026-01-02T03:05:05.678Z", connected.getString("expires"));
    assertTrue(connected.getJsonObject("subs").containsKey("user:ann"));
    assertEquals(List.of(), node.registry.of("guest-7"));
    assertEquals(List.of(client.session), node.registry.of("ann"));
    assertEquals("Ann", client.session.info().name());
    node.hub.publish(ChannelName.user("ann"), null, Payload.of(JsonValue.TRUE), false);
    node.workers.runAll();
    client.next("publication");
  }

  @Test
  void aUserWhoShowedATokenIsDisconnectedByName() {
    token("t", "ann", IN_A_MINUTE);
    Client client = connected("t");
    node.bus.send(new Order.DisconnectUser("ann", 4004, "kicked"));
    node.workers.runAll();
    assertEnded(client, 4004);
  }

  @Test
  void whoMustShowATokenAndDoesNotIsOut() {
    Client client = pending();
    client.sayAndSettle(
        "[{'type':'connect','id':1},{'type':'subscribe','id':2,'channel':'room:a'}]");
    var error = client.next("error");
    assertEquals("unauthenticated", error.getString("code"));
    assertEquals(1, error.getInt("re"));
    assertEnded(client, 4001);
  }

  @Test
  void whoMustShowATokenDoesNothingBefore() {
    Client client = pending();
    client.sayAndSettle("{'type':'publish','id':1,'channel':'room:a','data':1}");
    assertEquals("unauthenticated", client.next("error").getString("code"));
    pass(5);
    assertEnded(client, 4002);
  }

  @Test
  void aBadTokenIsNotIgnoredEvenWhereGuestsMayComeIn() {
    Client client = node.connect(node.superchat, GUEST);
    client.sayAndSettle("{'type':'connect','id':1,'token':'x'}");
    var error = client.next("error");
    assertEquals("unauthenticated", error.getString("code"));
    assertEquals("token: nobody knows it", error.getString("message"));
    assertEnded(client, 4001);
  }

  @Test
  void anExpiredTokenAsksForAnother() {
    known.put("old", new Tokens.Verdict.Bad("exp: it has expired", true));
    Client client = pending();
    client.sayAndSettle("{'type':'connect','id':1,'token':'old'}");
    assertEquals("token-expired", client.next("error").getString("code"));
    assertEnded(client, 4300);
  }

  @Test
  void aTokenThatCannotBeCheckedNowMayComeAgain() {
    known.put("new", new Tokens.Verdict.Unknown("the keys are away"));
    Client client = pending();
    client.sayAndSettle("{'type':'connect','id':1,'token':'new'}");
    var error = client.next("error");
    assertEquals("unavailable", error.getString("code"));
    assertTrue(error.getBoolean("retry"));
    assertEnded(client, 1013);
  }

  @Test
  void whoIsKnownAlreadyShowsATokenOfItsOwn() {
    token("ann", "ann", IN_A_MINUTE);
    token("bob", "bob", IN_A_MINUTE);
    Pass login = new Pass(new Identity("ann", false));
    Client ann = node.connect(node.superchat, login);
    ann.sayAndSettle("{'type':'connect','id':1,'token':'ann'}");
    assertTrue(ann.next("connected").containsKey("expires"));
    Client mixed = node.connect(node.superchat, login);
    mixed.sayAndSettle("{'type':'connect','id':1,'token':'bob'}");
    assertEquals("unauthenticated", mixed.next("error").getString("code"));
    assertEnded(mixed, 4001);
  }

  @Test
  void anotherConnectChangesNothing() {
    token("ann", "ann", IN_A_MINUTE);
    token("bob", "bob", IN_A_MINUTE);
    Client ann = connected("ann");
    ann.sayAndSettle("{'type':'connect','id':2,'token':'bob'}");
    assertEquals("bad-request", ann.next("error").getString("code"));
    assertEquals("ann", ann.session.identity().user());
    assertFalse(ann.session.hasEnded());
  }

  @Test
  void theEndIsAnnouncedOnceAndComes() {
    token("t", "ann", IN_A_MINUTE);
    Client client = connected("t");
    pass(29);
    if (client.isNext("ping")) {
      client.next("ping");
    }
    client.assertNothingMore();
    pass(1);
    assertEquals(30, client.next("expiring").getInt("in"));
    pass(29);
    if (client.isNext("ping")) {
      client.next("ping");
    }
    client.assertNothingMore();
    pass(1);
    var bye = client.next("bye");
    assertEquals(4300, bye.getInt("code"));
    assertTrue(bye.getBoolean("reconnect"));
    assertTrue(client.session.hasEnded());
  }

  @Test
  void theEndOfAShortTokenIsAnnouncedHalfway() {
    token("t", "ann", FakeTime.START.plusSeconds(8));
    Client client = connected("t");
    pass(3);
    client.assertNothingMore();
    pass(1);
    assertEquals(4, client.next("expiring").getInt("in"));
    pass(4);
    assertEnded(client, 4300);
  }

  @Test
  void newCredentialsPutTheEndOff() {
    token("t", "ann", IN_A_MINUTE);
    Client client = connected("t");
    pass(20);
    token("u", "ann", IN_A_MINUTE.plusSeconds(60));
    client.sayAndSettle("{'type':'refresh','id':7,'token':'u'}");
    var refreshed = client.next("refreshed");
    assertEquals(7, refreshed.getInt("re"));
    assertEquals("2026-01-02T03:06:05.678Z", refreshed.getString("expires"));
    pass(60);
    assertFalse(client.session.hasEnded());
    pass(40);
    assertTrue(client.session.hasEnded());
    assertEquals(
        List.of("connected", "refreshed", "expiring", "bye"),
        client.told().stream()
            .map(frame -> frame.getString("type"))
            .filter(type -> !type.equals("ping"))
            .toList());
  }

  @Test
  void aRefreshIsOfTheSameUser() {
    token("t", "ann", IN_A_MINUTE);
    token("bob", "bob", IN_A_MINUTE.plusSeconds(60));
    known.put("old", new Tokens.Verdict.Bad("exp: it has expired", true));
    known.put("new", new Tokens.Verdict.Unknown("the keys are away"));
    Client client = connected("t");
    for (var expected :
        Map.of(
                "bob", "unauthenticated",
                "x", "unauthenticated",
                "old", "token-expired",
                "new", "unavailable")
            .entrySet()) {
      client.sayAndSettle("{'type':'refresh','id':7,'token':'%s'}".formatted(expected.getKey()));
      var error = client.next("error");
      assertEquals(expected.getValue(), error.getString("code"));
      assertEquals(7, error.getInt("re"));
    }
    assertEquals("ann", client.session.identity().user());
    assertEquals(IN_A_MINUTE, client.session.pass().expires());
    assertFalse(client.session.hasEnded());
  }

  @Test
  void aGuestDoesNotBecomeAUserLater() {
    token("t", "ann", IN_A_MINUTE);
    Client client = node.connect(node.superchat, GUEST);
    client.sayAndSettle("{'type':'connect','id':1}");
    client.next("connected");
    client.sayAndSettle("{'type':'refresh','id':2,'token':'t'}");
    assertEquals("unauthenticated", client.next("error").getString("code"));
    assertEquals("guest-7", client.session.identity().user());
  }

  @Test
  void grantsChangeWithTheToken() {
    Grants admin =
        new Grants(
            Set.of("admin"), Map.of(Action.SUBSCRIBE, List.of(new ChannelPattern("room:*"))));
    known.put("t", new Tokens.Verdict.Good(new Identity("ann", false, "Ann", admin), IN_A_MINUTE));
    token("u", "ann", IN_A_MINUTE.plusSeconds(60));
    Client client = connected("t");
    assertTrue(client.session.identity().grants().has("admin"));
    client.sayAndSettle("{'type':'refresh','id':2,'token':'u'}");
    client.next("refreshed");
    assertFalse(client.session.identity().grants().has("admin"));
  }

  @Test
  void whoMayNoLongerSeeWhoIsThereIsToldToComeBackWithoutThat() {
    Grants desk =
        new Grants(Set.of(), Map.of(Action.PRESENCE, List.of(new ChannelPattern("desk:*"))));
    known.put("t", new Tokens.Verdict.Good(new Identity("ann", false, "Ann", desk), IN_A_MINUTE));
    token("u", "ann", IN_A_MINUTE.plusSeconds(60));
    Client ann = connected("t");
    ann.sayAndSettle("{'type':'subscribe','id':2,'channel':'desk:a','presence':true}");
    assertTrue(ann.next("subscribed").containsKey("presence"));
    ann.sayAndSettle("{'type':'refresh','id':3,'token':'u'}");
    ann.next("refreshed");
    var off = ann.next("unsubscribed");
    assertEquals("desk:a", off.getString("channel"));
    assertTrue(off.getBoolean("resubscribe"));
    Client bob = pending();
    token("b", "bob", IN_A_MINUTE);
    bob.sayAndSettle("{'type':'connect','id':1,'token':'b'}");
    bob.next("connected");
    bob.sayAndSettle("{'type':'subscribe','id':2,'channel':'desk:a'}");
    bob.next("subscribed");
    ann.assertNothingMore();
  }

  @Test
  void chatEndsWithItsTokenToo() {
    Client client = node.connect(node.chat, new Pass(new Identity("ann", false), IN_A_MINUTE));
    client.next("welcome");
    pass(60);
    assertEnded(client, 4300);
  }

  @Test
  void theEndOfALogInIsTheEndOfItsSessions() {
    Identity ann = new Identity("ann", false);
    Client one = node.connect(node.superchat, new Pass(ann, null, "login-1", false));
    Client two = node.connect(node.chat, new Pass(ann, null, "login-1", false));
    Client other = node.connect(node.chat, new Pass(ann, null, "login-2", false));
    two.next("welcome");
    node.registry.loginRenamed("login-1", "login-3");
    node.registry.loginEnded("login-9");
    assertFalse(one.session.hasEnded());
    node.registry.loginEnded("login-3");
    node.workers.runAll();
    assertEnded(one, 4301);
    assertEnded(two, 4301);
    assertFalse(other.session.hasEnded());
    Client late = node.connect(node.superchat, new Pass(ann, null, "login-3", false));
    assertEnded(late, 4301);
    Client later = node.connect(node.superchat, new Pass(ann, null, "login-1", false));
    assertEnded(later, 4301);
  }
}
