package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every shape of {@code superchat} as the running server writes it, and messages of bytes. */
class SuperchatFramesIT extends WireTest {
  /** What a message may hold in this deployment. */
  private static final int LIMIT = 20_000;

  private static final byte[] BYTES = {0, (byte) 255, 7, '{', '"'};

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard(
        "switchboard.heartbeat.interval", "1s", "switchboard.message.max-size", "" + LIMIT);
  }

  private SuperchatClient open() {
    return new SuperchatClient(websocket(handshake().offering("superchat")));
  }

  private SuperchatClient connected() {
    SuperchatClient client = open();
    client.ask("{'type':'connect','id':1,'name':'Ann'}", "connected");
    return client;
  }

  private SuperchatClient listening(String channel) {
    SuperchatClient client = connected();
    client.ask(
        "{'type':'subscribe','id':2,'channel':'%s','presence':true}".formatted(channel),
        "subscribed");
    return client;
  }

  private static byte[] publishing(int id, String channel, byte... payload) {
    String header = "{'type':'publish','id':%d,'channel':'%s'}".formatted(id, channel);
    return SuperchatClient.bytes(header, payload);
  }

  @Test
  void everyShapeThatCanOccurIsSeen() {
    String channel = "room:" + room();
    SuperchatClient ann = listening(channel);
    SuperchatClient bob = open();
    JsonObject connected =
        bob.ask(
            "{'type':'connect','id':1,'subs':{'%s':null,'nowhere:x':null}}".formatted(channel),
            "connected");
    assertEquals(
        "unknown-channel",
        connected.getJsonObject("subs").getJsonObject("nowhere:x").getString("code"));
    ann.next("joined");
    bob.ask(
        "{'type':'publish','id':2,'channel':'%s','data':null,'key':'k'}".formatted(channel),
        "published");
    bob.next("publication");
    JsonObject publication = ann.next("publication").json();
    assertTrue(publication.isNull("data"), publication::toString);
    assertEquals("k", publication.getString("key"));
    assertFalse(publication.containsKey("name"), "bob has none");
    bob.sendBytes(publishing(3, channel, BYTES));
    bob.first("published");
    bob.next("publication");
    ann.next("publication");
    api().published("{\"channel\":\"%s\",\"data\":[],\"ephemeral\":true}".formatted(channel));
    JsonObject byServer = ann.next("publication").json();
    assertEquals(
        Set.of("type", "channel", "at", "data"), byServer.keySet(), "nothing is null or empty");
    bob.next("publication");
    bob.ask(
        "{'type':'publish','id':4,'channel':'%s','data':1,'ephemeral':true}".formatted(channel),
        "published");
    ann.next("publication");
    JsonObject history =
        ann.ask("{'type':'history','id':5,'channel':'%s'}".formatted(channel), "history");
    JsonObject none = history.getJsonArray("publications").getJsonObject(0);
    assertTrue(none.isNull("data"), history::toString);
    JsonObject bytes = history.getJsonArray("publications").getJsonObject(1);
    assertEquals("AP8HeyI=", bytes.getString("data"));
    assertEquals("base64", bytes.getString("encoding"));
    ann.ask("{'type':'presence','id':6,'channel':'%s'}".formatted(channel), "presence");
    bob.next("publication");
    bob.ask("{'type':'unsubscribe','id':7,'channel':'%s'}".formatted(channel), "unsubscribed");
    ann.next("left");
    ann.ask("{'type':'ping','id':8}", "pong");
    ann.ask("{'type':'refresh','id':9,'token':'x'}", "error");
    ann.next("ping");
    for (int i = 0; i < 20; i++) {
      bob.send("{'type':'dance','id':%d}".formatted(10 + i));
      bob.error("unknown-type", 10 + i);
    }
    JsonObject bye = bob.next("bye").json();
    assertEquals(4006, bye.getInt("code"));

    Set<String> seen = new HashSet<>(ann.shapes());
    seen.addAll(bob.shapes());
    Set<String> elsewhere =
        Set.of(
            "drain", // DrainingIT
            "gap", // slow readers
            "publication-base64", // transports that carry only text
            "refreshed",
            "expiring", // TokensIT
            "unsubscribed-by-server"); // the server API
    Set<String> expected =
        Golden.superchat().stream()
            .filter(Golden.Example::fromServer)
            .map(Golden.Example::name)
            .filter(name -> !elsewhere.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(expected, new TreeSet<>(seen));
  }

  static Stream<Golden.Example> clientExamples() {
    return Golden.superchat().stream().filter(example -> !example.fromServer());
  }

  @ParameterizedTest
  @MethodSource("clientExamples")
  void everyExampleOfAClientIsUnderstood(Golden.Example example) {
    SuperchatClient client = example.type().equals("connect") ? open() : connected();
    if (example.binary().isPresent()) {
      client.sendBytes(example.binary().get());
    } else {
      client.send(example.frame().toString());
    }
    client.send("{'type':'ping','id':99}");
    Set<String> refused =
        example.frame().containsKey("token")
            ? Set.of("unauthenticated")
            : Set.of("not-subscribed", "unrecoverable-position");
    JsonObject told = client.next().json();
    while (told.getInt("re", 0) != 99) {
      if (told.getString("type").equals("error")) {
        assertTrue(refused.contains(told.getString("code")), told::toString);
      }
      told = client.next().json();
    }
  }

  @Test
  void theDescriptionIsServed() throws IOException {
    HttpReply reply = api().call(api().request("/asyncapi.yaml"));
    assertEquals(200, reply.status());
    assertEquals("application/yaml", reply.header("Content-Type").orElse("").split(";", 2)[0]);
    assertEquals(Files.readString(AsyncApiTest.DOCUMENT), reply.body());
  }

  @Test
  void bytesArriveAsTheyWereSent() {
    String room = room();
    String channel = "room:" + room;
    SuperchatClient ann = listening(channel);
    ChatClient cat = chat();
    cat.send("type", "join", "room", room);
    cat.next("joined");
    ann.next("joined");
    SuperchatClient bob = connected();
    byte[] large = new byte[LIMIT - publishing(2, channel).length];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) (i * 31);
    }
    int id = 2;
    for (byte[] payload : new byte[][] {BYTES, {}, large}) {
      bob.sendBytes(publishing(id, channel, payload));
      assertEquals(id++, bob.next("published").json().getInt("re"));
      SuperchatClient.Message message = ann.next("publication");
      assertTrue(message.binary());
      assertEquals(ByteBuffer.wrap(payload), message.payload());
      JsonObject push = cat.next("push");
      assertEquals("base64", push.getString("encoding"));
      assertTrue(
          Arrays.equals(payload, java.util.Base64.getDecoder().decode(push.getString("data"))));
    }
  }

  @Test
  void aMessageInPartsIsOneMessage() {
    String channel = "room:" + room();
    SuperchatClient ann = listening(channel);
    byte[] payload = new byte[5_000];
    Arrays.fill(payload, (byte) 9);
    for (int size : new int[] {3, 700, 4_000}) {
      ann.sendInParts(size, publishing(size, channel, payload));
      ann.first("published");
      assertEquals(ByteBuffer.wrap(payload), ann.next("publication").payload());
    }
  }

  @Test
  void bytesAndTextKeepTheirOrder() {
    String channel = "live:" + room();
    SuperchatClient ann = listening(channel);
    SuperchatClient bob = connected();
    int count = 300;
    for (int i = 1; i <= count; i++) {
      if (i % 3 == 0) {
        bob.sendBytes(publishing(i, channel, (byte) i));
      } else {
        bob.send("{'type':'publish','id':%d,'channel':'%s','data':%d}".formatted(i, channel, i));
      }
    }
    for (int i = 1; i <= count; i++) {
      SuperchatClient.Message message = ann.next("publication");
      assertEquals(i, message.json().getInt("offset"));
      assertEquals(i % 3 == 0, message.binary());
    }
  }

  @Test
  void badBytesAreAnErrorAndNeverTheEnd() {
    SuperchatClient ann = connected();
    byte[][] unreadable = {
      {},
      {0, 0, 0},
      {0, 0, 0, 0},
      {0, 0, 0, 9, '{', '}'},
      {-1, -1, -1, -1, '{', '}'},
      {127, -1, -1, -1, '{', '}'},
      {0, 0, 0, 1, '{', '}'},
      {0, 0, 0, 2, -1, -2, 'x'}
    };
    for (byte[] message : unreadable) {
      JsonObject error = ann.sendBytes(message).next("error").json();
      assertFalse(error.containsKey("re"), error::toString);
      assertTrue(error.getString("message").startsWith("header: expected"), error::toString);
    }
    String[] headers = {
      "{'type':'publish','id':7,'channel':'room:a','data':1}",
      "{'type':'publish','id':7,'channel':'room:a','encoding':'base64'}",
      "{'type':'publish','id':7}",
      "{'type':'ping','id':7}"
    };
    for (String header : headers) {
      ann.sendBytes(SuperchatClient.bytes(header, BYTES));
      ann.error("bad-request", 7);
    }
    ann.ask("{'type':'ping','id':8}", "pong");
  }

  @Test
  void tooManyBytesCloseWith1009() {
    for (int part : new int[] {LIMIT + 1, 1_000}) {
      SuperchatClient ann = connected();
      ann.sendInParts(part, new byte[LIMIT + 1]);
      assertEquals(1009, ann.next("bye").json().getInt("code"));
      assertEquals(1009, ann.socket().next().closeCode());
    }
  }
}
