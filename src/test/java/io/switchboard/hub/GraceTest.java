package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.auth.Identity;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Member;
import io.switchboard.channel.Namespace;
import io.switchboard.protocol.Disconnect;
import io.switchboard.testing.TestNode;
import io.switchboard.testing.TestNode.Client;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is cut off and comes back in time has never been away. */
class GraceTest {
  private static final ChannelName A = new ChannelName("room:a");
  private static final Duration ALMOST = TestNode.GRACE.minusNanos(1);
  private static final int RELOADED = 1001;

  private final TestNode node = new TestNode(9);
  private Client watcher;
  private Client person;

  /** Everybody is watched by somebody in superchat and somebody in chat. */
  @BeforeEach
  void watch() {
    watcher = connected("watcher");
    watcher.sayAndSettle("{'type':'subscribe','id':2,'channel':'room:a','presence':true}");
    watcher.next("subscribed");
    person = node.connect(node.chat, new Identity("guest-person", true));
    person.next("welcome");
    person.sayAndSettle("{'type':'join','room':'a'}");
    person.next("joined");
    watcher.next("joined");
  }

  @AfterEach
  void nothingIsLeftBehind() {
    node.assertEndsEmpty();
  }

  private Client connected(String user) {
    Client client = node.connect(node.superchat, new Identity(user, user.startsWith("guest")));
    client.sayAndSettle("{'type':'connect','id':1}");
    client.next("connected");
    return client;
  }

  private Client subscribed(String user) {
    Client client = connected(user);
    client.sayAndSettle("{'type':'subscribe','id':2,'channel':'room:a'}");
    client.next("subscribed");
    return client;
  }

  /** As {@link #subscribed}, and all who watch have heard of it. */
  private Client arrived(String user) {
    Client client = subscribed(user);
    assertEquals(client.session.id(), watcher.next("joined").getString("session"));
    assertEquals(user, person.next("joined").getString("user"));
    return client;
  }

  private void cutOff(Client client) {
    client.session.connectionClosed();
    node.workers.runAll();
  }

  private void pass(Duration duration) {
    node.time.pass(duration);
    node.hub.beat();
    node.workers.runAll();
  }

  private void assertNothingTold() {
    watcher.assertNothingMore();
    person.assertNothingMore();
  }

  private void assertLeft(Client client) {
    assertSessionLeft(client);
    assertEquals(client.session.identity().user(), person.next("left").getString("user"));
    assertNothingTold();
  }

  private void assertSessionLeft(Client client) {
    assertEquals(client.session.id(), watcher.next("left").getString("session"));
  }

  /** The sessions on the channel but for those who watch. */
  private List<String> members() {
    List<Member> members = new ArrayList<>();
    var unused = node.hub.members(A).thenAccept(members::addAll);
    node.workers.runAll();
    return members.stream().map(member -> member.who().session()).skip(2).toList();
  }

  @Test
  void whoDoesNotComeBackLeavesWhenTheGraceIsOver() {
    Client ann = arrived("ann");
    cutOff(ann);
    pass(ALMOST);
    assertNothingTold();
    assertEquals(List.of(ann.session.id()), members());
    pass(Duration.ofNanos(1));
    assertLeft(ann);
    assertEquals(List.of(), members());
    pass(Duration.ofHours(1));
    assertNothingTold();
  }

  @Test
  void whoComesBackHasNotBeenAway() {
    Client ann = arrived("ann");
    cutOff(ann);
    pass(ALMOST);
    Client again = subscribed("ann");
    assertEquals(List.of(again.session.id()), members());
    pass(Duration.ofHours(1));
    assertNothingTold();
    again.sayAndSettle("{'type':'unsubscribe','id':3,'channel':'room:a'}");
    assertLeft(again);
  }

  @Test
  void whoComesBackTooLateComesAnew() {
    Client ann = arrived("ann");
    cutOff(ann);
    pass(TestNode.GRACE);
    assertLeft(ann);
    assertEquals(List.of(arrived("ann").session.id()), members());
  }

  @Test
  void somebodyElseTakesNobodysPlace() {
    Client ann = arrived("ann");
    cutOff(ann);
    Client bob = arrived("bob");
    assertEquals(List.of(ann.session.id(), bob.session.id()), members());
    pass(TestNode.GRACE);
    assertLeft(ann);
  }

  @Test
  void anotherChannelIsNotTheSame() {
    Client ann = arrived("ann");
    cutOff(ann);
    Client again = connected("ann");
    again.sayAndSettle("{'type':'subscribe','id':2,'channel':'room:b'}");
    pass(TestNode.GRACE);
    assertLeft(ann);
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1005})
  void aGoodbyeIsNotWaitedFor(int code) {
    Client ann = arrived("ann");
    ann.session.connectionClosed(code);
    node.workers.runAll();
    assertLeft(ann);
  }

  @Test
  void aPageThatIsLoadedAgainIsWaitedFor() {
    Client ann = arrived("ann");
    ann.session.connectionClosed(RELOADED);
    node.workers.runAll();
    subscribed("ann");
    pass(TestNode.GRACE);
    assertNothingTold();
  }

  @Test
  void whoIsSentAwayIsNotWaitedFor() {
    Client ann = arrived("ann");
    ann.session.close(Disconnect.TOO_MANY_ERRORS);
    cutOff(ann);
    assertLeft(ann);
  }

  @Test
  void whoShowsNoLifeIsWaitedFor() {
    Client ann = arrived("ann");
    ann.session.close(Disconnect.NO_PONG);
    cutOff(ann);
    assertNothingTold();
    pass(TestNode.GRACE);
    assertLeft(ann);
  }

  @Test
  void aGuestCannotComeBackAndIsNotWaitedFor() {
    Client guest = arrived("guest-1");
    cutOff(guest);
    assertLeft(guest);
  }

  @Test
  void inChatNobodyIsWaitedFor() {
    Client ann = node.connect(node.chat, new Identity("ann", false));
    ann.sayAndSettle("{'type':'join','room':'a'}");
    watcher.next("joined");
    person.next("joined");
    cutOff(ann);
    assertLeft(ann);
  }

  @Test
  void ofTwoSessionsOneComesBack() {
    Client first = arrived("ann");
    Client second = subscribed("ann");
    assertEquals(second.session.id(), watcher.next("joined").getString("session"));
    assertNothingTold(); // in chat a user comes once
    cutOff(first);
    node.time.pass(Duration.ofSeconds(1));
    cutOff(second);
    Client again = subscribed("ann");
    assertEquals(List.of(second.session.id(), again.session.id()), members());
    pass(TestNode.GRACE);
    assertSessionLeft(second);
    assertNothingTold();
    assertEquals(List.of(again.session.id()), members());
  }

  @Test
  void aSessionThatStaysTakesNobodysPlace() {
    Client first = arrived("ann");
    Client second = subscribed("ann");
    watcher.next("joined");
    cutOff(first);
    pass(ALMOST);
    assertEquals(List.of(first.session.id(), second.session.id()), members());
    pass(Duration.ofNanos(1));
    assertSessionLeft(first);
    assertNothingTold();
  }

  @Test
  void whoIsBackBeforeTheLossIsNoticedIsThereTwiceForAWhile() {
    Client dead = arrived("ann");
    Client again = subscribed("ann");
    assertEquals(again.session.id(), watcher.next("joined").getString("session"));
    dead.session.close(Disconnect.NO_PONG);
    cutOff(dead);
    pass(TestNode.GRACE);
    assertSessionLeft(dead);
    assertNothingTold();
    assertEquals(List.of(again.session.id()), members());
    again.session.connectionClosed(1000);
    node.workers.runAll();
    assertLeft(again);
  }

  @Test
  void aConnectionThatFlapsIsHeardOfOnce() {
    Client ann = arrived("ann");
    for (int i = 0; i < 100; i++) {
      cutOff(ann);
      pass(ALMOST);
      ann = subscribed("ann");
      assertEquals(List.of(ann.session.id()), members());
    }
    assertNothingTold();
    cutOff(ann);
    pass(TestNode.GRACE);
    assertLeft(ann);
  }

  @Test
  void whoIsCutOffWhileItComesBackIsStillWaitedFor() {
    Client ann = arrived("ann");
    cutOff(ann);
    Client again = connected("ann");
    again.say("{'type':'subscribe','id':2,'channel':'room:a'}");
    again.session.connectionClosed();
    node.workers.runAll();
    pass(ALMOST);
    assertNothingTold();
    pass(Duration.ofNanos(1));
    assertLeft(again);
  }

  @Test
  void aNodeThatGoesDownWaitsForNobody() {
    arrived("ann");
    var unused = node.registry.drain();
    node.workers.runAll();
    assertEquals(0, node.hub.channelCount());
  }

  @Test
  void whomANodeWaitsForWhenItGoesDownIsForgottenInTime() {
    cutOff(arrived("ann"));
    var unused = node.registry.drain();
    node.workers.runAll();
    assertEquals(1, node.hub.channelCount());
    pass(TestNode.GRACE);
    assertEquals(0, node.hub.channelCount());
  }

  @Test
  void whereNobodyIsSeenNobodyIsWaitedFor() {
    Client ann = connected("ann");
    int before = node.hub.channelCount();
    ann.sayAndSettle("{'type':'subscribe','id':2,'channel':'live:a'}");
    assertEquals(before + 1, node.hub.channelCount());
    cutOff(ann);
    assertEquals(before - 1, node.hub.channelCount()); // its own channel is gone too
  }

  @Test
  void theListAtTheBeginningShowsWhoIsWaitedForOnce() {
    Client ann = arrived("ann");
    cutOff(ann);
    Client again = connected("ann");
    again.sayAndSettle("{'type':'subscribe','id':2,'channel':'room:a','presence':true}");
    List<String> sessions =
        again.next("subscribed").getJsonArray("presence").getValuesAs(JsonObject.class).stream()
            .map(member -> member.getString("session"))
            .toList();
    assertEquals(List.of(watcher.session.id(), person.session.id(), again.session.id()), sessions);
  }

  @Test
  void withoutAGraceEverybodyLeavesAtOnce() {
    TestNode hasty = new TestNode(Namespace.SHIPPED, 9, 1 << 20, Duration.ZERO);
    Client ann = hasty.connect(hasty.superchat, new Identity("ann", false));
    ann.sayAndSettle("{'type':'connect','id':1,'subs':{'room:a':null}}");
    assertEquals(2, hasty.hub.channelCount());
    ann.session.connectionClosed();
    hasty.workers.runAll();
    assertEquals(0, hasty.hub.channelCount());
    hasty.assertEndsEmpty();
  }
}
