package io.switchboard.transport.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.Identity;
import io.switchboard.auth.Pass;
import io.switchboard.channel.Namespace;
import io.switchboard.protocol.CloseCode;
import io.switchboard.protocol.Disconnect;
import io.switchboard.protocol.HandshakeRecord;
import io.switchboard.protocol.SuperchatCodec;
import io.switchboard.session.Answer;
import io.switchboard.session.ClientSession;
import io.switchboard.testing.TestNode;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection made of requests, against a whole node whose time is the test's. */
class HttpConnectionTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private final TestNode node = new TestNode(Namespace.SHIPPED, 10, 1 << 20);
  private final SuperchatCodec text = node.superchat.textOnly();
  private final HttpSessions sessions =
      new HttpSessions(
          node.registry,
          node.superchat,
          new HttpSettings(TIMEOUT),
          node.workers,
          node.time,
          new Random(1));
  private final List<HttpSessions.Opened> opened = new ArrayList<>();

  @AfterEach
  void nothingIsLeft() {
    opened.forEach(one -> one.connection().leave());
    sessions.beat();
    assertEquals(0, sessions.size());
    node.assertEndsEmpty();
  }

  private HttpConnection open() {
    HttpSessions.Opened one =
        sessions.open(
            new Pass(new Identity("guest-1", true)),
            "127.0.0.1",
            new HandshakeRecord("POST /chat/sessions HTTP/1.1", Map.of(), Map.of()));
    opened.add(one);
    ask(one.connection(), "{'type':'connect','id':1}");
    return one.connection();
  }

  /** Carries out commands; quotes may be single. */
  private List<JsonObject> ask(HttpConnection connection, String commands) {
    var answers = connection.session().ask(text.decode(commands.replace('\'', '"')));
    node.workers.runAll();
    assertTrue(answers.isDone(), "every command is answered");
    return answers.join().stream().map(this::json).toList();
  }

  private JsonObject json(Answer answer) {
    return node.json.read(answer.frame().text()).asJsonObject();
  }

  private void publish(HttpConnection connection, String data) {
    ask(connection, "{'type':'publish','id':9,'channel':'room:a','data':" + data + "}");
  }

  private HttpConnection listening() {
    HttpConnection connection = open();
    ask(connection, "{'type':'subscribe','id':2,'channel':'room:a'}");
    return connection;
  }

  /** A request that listens, and what became of it. */
  private static final class Listener implements Downstream {
    private int woken;
    private boolean replaced;
    private boolean aborted;

    @Override
    public void wake() {
      woken++;
    }

    @Override
    public void replaced() {
      replaced = true;
    }

    @Override
    public void beat(long now) {}

    @Override
    public void abort() {
      aborted = true;
    }

    @Override
    public void ended() {}
  }

  private static long last(HttpConnection connection) {
    List<Window.Message> all = connection.after(0, Integer.MAX_VALUE);
    return all.isEmpty() ? connection.acknowledged() : all.get(all.size() - 1).number();
  }

  @Test
  void answersComeBackInOrderAndPushesDoNot() {
    HttpConnection connection = listening();
    List<JsonObject> answers =
        ask(
            connection,
            "[{'type':'ping','id':3},{'type':'pong'},{'type':'dance','id':4},"
                + "{'type':'publish','id':5,'channel':'room:a','data':1},"
                + "{'type':'ack','channel':'lobby','offset':1}]");
    assertEquals(
        List.of("pong", "error", "published", "error"),
        answers.stream().map(answer -> answer.getString("type")).toList());
    assertFalse(answers.get(3).containsKey("re"), "an ack has no id, its refusal neither");
    List<Window.Message> pushes = connection.after(0, 1_000);
    assertEquals(1, pushes.size());
    assertTrue(pushes.get(0).text().contains("\"publication\""), pushes::toString);
  }

  @Test
  void twoCommandsOfOneIdAreBothAnswered() {
    List<JsonObject> answers =
        ask(
            open(),
            "[{'type':'publish','id':3,'channel':'room:a','data':1},{'type':'ping','id':3}]");
    assertEquals(2, answers.size());
  }

  @Test
  void theAnswersToOneRequestAreBounded() {
    HttpConnection connection = open();
    for (int i = 0; i < 3; i++) {
      publish(connection, "\"" + "x".repeat(50_000) + "\"");
    }
    String history = "{'type':'history','id':%d,'channel':'room:a'}";
    List<String> commands = new ArrayList<>();
    for (int id = 10; id < 40; id++) {
      commands.add(history.formatted(id));
    }
    List<JsonObject> answers = ask(connection, "[" + String.join(",", commands) + "]");
    assertEquals(30, answers.size());
    long bytes = answers.stream().mapToLong(answer -> answer.toString().length()).sum();
    assertTrue(bytes < (1 << 20) + 30 * 300, bytes + " bytes");
    assertEquals("limit-exceeded", answers.get(29).getString("code"));
  }

  @Test
  void aSessionThatEndsAnswersWhatItHas() {
    HttpConnection connection = open();
    var answers =
        connection
            .session()
            .ask(text.decode("{\"type\":\"presence\",\"id\":3,\"channel\":\"room:a\"}"));
    connection.session().close(Disconnect.OVERLOADED);
    node.workers.runAll();
    assertTrue(answers.isDone());
  }

  @Test
  void lostAndDoubledPollsLoseAndDoubleNothing() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      HttpConnection connection = listening();
      List<Integer> heard = new ArrayList<>();
      long after = 0;
      int published = 0;
      while (heard.size() < 60) {
        while (published < 60 && random.nextInt(3) > 0) {
          publish(connection, Integer.toString(published++));
        }
        Listener listener = new Listener();
        long asked = random.nextInt(4) == 0 ? Math.max(0, after - random.nextInt(5)) : after;
        assertEquals(HttpConnection.Attached.YES, connection.attach(listener, "polling", asked));
        List<Window.Message> answer =
            connection.after(Math.max(asked, connection.acknowledged()), random.nextInt(400));
        connection.detach(listener);
        if (random.nextInt(3) == 0) {
          continue; // the answer is lost
        }
        for (Window.Message message : answer) {
          if (message.number() > after) {
            after = message.number();
            heard.add(node.json.read(message.text()).asJsonObject().getInt("data"));
          }
        }
      }
      List<Integer> all = LongStream.range(0, 60).mapToObj(n -> (int) n).toList();
      assertEquals(all, heard, "seed " + seed);
      connection.leave();
      ask(open(), "{'type':'ping','id':2}");
      sessions.beat();
    }
  }

  @Test
  void whoNeverSaysThatItHasAnythingIsBounded() {
    HttpConnection deaf = listening();
    HttpConnection speaker = open();
    String kilobytes = "\"" + "x".repeat(10_000) + "\"";
    for (int i = 0; i < 200; i++) {
      publish(speaker, kilobytes);
      node.time.pass(Duration.ofMillis(100));
    }
    int held = deaf.after(0, Integer.MAX_VALUE).stream().mapToInt(Window.Message::size).sum();
    assertTrue(held <= 256 * 1024 + 20_000, held + " bytes in the window");
    assertFalse(deaf.session().hasEnded(), "it is caught up from the log when it comes back");
    int heard = 0;
    long after = 0;
    while (heard < 200) {
      List<Window.Message> messages = deaf.after(after, Poll.MAX_BYTES);
      assertFalse(messages.isEmpty(), "stuck after " + heard);
      heard += messages.size();
      after = messages.get(messages.size() - 1).number();
      assertEquals(HttpConnection.Attached.YES, deaf.acknowledge(after));
      node.workers.runAll();
    }
    assertEquals(200, heard);
  }

  @Test
  void whoDoesNotListenGivesWayWhenNoMemoryIsLeft() {
    HttpConnection deaf = listening();
    HttpConnection listener = listening();
    Listener listens = new Listener();
    listener.attach(listens, "longpoll", 0);
    node.registry.budget().add(Integer.MAX_VALUE);
    publish(open(), "1");
    sessions.beat();
    node.workers.runAll();
    sessions.beat();
    assertTrue(deaf.session().hasEnded(), "it may come back and recover");
    assertTrue(sessions.find(deaf.session().id()).isEmpty());
    assertEquals(1, listener.after(0, 1_000).size(), "who listens is told");
    assertFalse(listener.session().hasEnded());
    listener.detach(listens);
    node.registry.budget().add(-Integer.MAX_VALUE);
  }

  @Test
  void whatWasTakenBeforeMemoryWasSpentIsGivenBack() {
    HttpConnection deaf = listening();
    publish(open(), "1");
    long held = node.registry.budget().spent();
    assertTrue(held > 0);
    node.registry.budget().add(Integer.MAX_VALUE);
    sessions.beat();
    node.workers.runAll();
    sessions.beat();
    node.registry.budget().add(-Integer.MAX_VALUE);
    assertTrue(deaf.session().hasEnded());
    assertEquals(0, node.registry.budget().spent());
  }

  @Test
  void aStreamVouchesForWhatItSentAndKeepsALittle() {
    HttpConnection connection = listening();
    HttpConnection speaker = open();
    String kilobytes = "\"" + "x".repeat(10_000) + "\"";
    for (int i = 0; i < 100; i++) {
      publish(speaker, kilobytes);
      connection.delivered(last(connection));
      node.workers.runAll();
    }
    assertEquals(100, last(connection), "the window never stood in the way");
    int kept = connection.after(0, Integer.MAX_VALUE).stream().mapToInt(Window.Message::size).sum();
    assertTrue(kept <= HttpConnection.KEPT, kept + " bytes");
    assertEquals(HttpConnection.Attached.LOST, connection.attach(new Listener(), "sse", 50));
    assertEquals(HttpConnection.Attached.AHEAD, connection.attach(new Listener(), "sse", 101));
    Listener back = new Listener();
    assertEquals(HttpConnection.Attached.YES, connection.attach(back, "sse", 98), "still there");
    connection.detach(back);
  }

  @Test
  void theNewerListenerWins() {
    HttpConnection connection = listening();
    Listener older = new Listener();
    Listener newer = new Listener();
    connection.attach(older, "sse", 0);
    assertEquals("sse", connection.session().transport());
    connection.attach(newer, "longpoll", 0);
    assertEquals("longpoll", connection.session().transport());
    assertTrue(older.replaced);
    connection.detach(older); // comes too late to matter
    publish(connection, "1");
    assertEquals(0, older.woken);
    assertTrue(newer.woken > 0);
    connection.detach(newer);
  }

  @Test
  void whoMakesNoRequestIsExpiredAfterAMinute() {
    HttpConnection connection = listening();
    String id = connection.session().id();
    node.time.pass(Duration.ofSeconds(25));
    beat();
    node.time.pass(Duration.ofSeconds(30));
    connection.session().alive(); // a request
    beat();
    node.time.pass(Duration.ofSeconds(25));
    beat();
    node.time.pass(Duration.ofSeconds(34));
    beat();
    assertFalse(connection.session().hasEnded());
    node.time.pass(Duration.ofSeconds(1));
    beat();
    assertTrue(connection.session().hasEnded());
    assertTrue(sessions.find(id).isEmpty());
    assertEquals(0, sessions.size());
  }

  private void beat() {
    node.registry.beat();
    node.workers.runAll();
    sessions.beat();
  }

  @Test
  void theEndIsToldToWhoComesWithinAMinute() {
    HttpConnection connection = listening();
    ClientSession session = connection.session();
    session.close(Disconnect.of(CloseCode.KICKED, "enough"));
    node.workers.runAll();
    sessions.beat();
    assertTrue(sessions.find(session.id()).isPresent());
    List<Window.Message> told = connection.after(0, 1_000);
    assertTrue(told.get(told.size() - 1).text().contains("\"code\":4004"), told::toString);
    long last = told.get(told.size() - 1).number();
    assertEquals(HttpConnection.Attached.OVER, connection.attach(new Listener(), "sse", last));
    sessions.beat();
    assertTrue(sessions.find(session.id()).isEmpty(), "there is nothing left to tell");
  }

  @Test
  void aListenerThatTakesNothingIsCutWhenTheSessionEnds() {
    HttpConnection connection = listening();
    Listener stuck = new Listener();
    connection.attach(stuck, "sse", 0);
    connection.session().close(Disconnect.of(CloseCode.KICKED, "enough"));
    node.workers.runAll();
    sessions.beat();
    assertFalse(stuck.aborted);
    node.time.pass(Duration.ofSeconds(5));
    sessions.beat();
    assertTrue(stuck.aborted);
    connection.detach(stuck);
  }

  @Test
  void aSecretIsOneOf256BitsAndNobodyElses() {
    HttpConnection connection = open();
    String secret = opened.get(0).secret();
    assertEquals(43, secret.length());
    assertTrue(connection.isSecret(secret));
    assertFalse(connection.isSecret(secret.substring(1)));
    assertFalse(connection.isSecret(""));
    assertFalse(open().isSecret(secret));
  }
}
