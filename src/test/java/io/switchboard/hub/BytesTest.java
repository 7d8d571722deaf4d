package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.Identity;
import io.switchboard.protocol.Codec;
import io.switchboard.protocol.Frame;
import io.switchboard.testing.TestNode;
import io.switchboard.testing.TestNode.Client;
import jakarta.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Publications of bytes, as each kind of client sees them. */
class BytesTest {
  private static final byte[] BYTES = {0, (byte) 255, 7};

  private final TestNode node = new TestNode(3);

  private Client connected(Codec codec) {
    Client client = node.connect(codec, new Identity("guest", true));
    client.sayAndSettle("{'type':'connect','id':1}");
    client.next("connected");
    return client;
  }

  private void say(Client client, String header) {
    byte[] head = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer message = ByteBuffer.allocate(4 + head.length + BYTES.length);
    message.putInt(head.length).put(head).put(BYTES).flip();
    client.session.received(() -> client.session.codec().decode(message));
    node.workers.runAll();
  }

  @AfterEach
  void nothingIsLeftBehind() {
    node.assertEndsEmpty();
  }

  @Test
  void bytesReachEverybodyInTheirLanguageAndComeBackInHistory() {
    Client ann = connected(node.superchat);
    Client text = connected(node.superchat.textOnly());
    Client chat = node.connect(node.chat, new Identity("guest-bob", true));
    chat.next("welcome");
    ann.sayAndSettle("{'type':'subscribe','id':2,'channel':'room:a'}");
    ann.next("subscribed");
    text.sayAndSettle("{'type':'subscribe','id':2,'channel':'room:a'}");
    text.next("subscribed");
    chat.sayAndSettle("{'type':'join','room':'a'}");
    chat.next("joined");

    say(ann, "{'type':'publish','id':3,'channel':'room:a','key':'k'}");
    assertEquals(1, ann.next("published").getInt("offset"));
    assertEquals(1, ann.next("publication").getInt("offset"));
    Frame frame = ann.transport.sent.get(ann.transport.sent.size() - 1);
    ByteBuffer binary = Objects.requireNonNull(frame.binary(), frame::toString);
    assertEquals(
        ByteBuffer.wrap(BYTES), binary.position(4 + binary.getInt(0)), "the payload as it was");
    JsonObject publication = text.next("publication");
    assertEquals("AP8H", publication.getString("data"));
    assertEquals("base64", publication.getString("encoding"));
    JsonObject push = chat.next("push");
    assertEquals("AP8H", push.getString("data"));
    assertEquals("base64", push.getString("encoding"));

    ann.sayAndSettle("{'type':'history','id':4,'channel':'room:a'}");
    JsonObject kept = ann.next("history").getJsonArray("publications").getJsonObject(0);
    assertEquals("AP8H", kept.getString("data"));
    assertEquals("base64", kept.getString("encoding"));
    say(ann, "{'type':'publish','id':5,'channel':'room:a','key':'k'}");
    assertTrue(ann.next("published").getBoolean("duplicate"));
    ann.sayAndSettle(
        "{'type':'publish','id':6,'channel':'room:a','data':'AP8H','encoding':'base64'}");
    assertEquals(2, ann.next("published").getInt("offset"));
    ann.next("publication");
    assertTrue(ann.transport.sent.get(ann.transport.sent.size() - 1).isBinary());
  }

  @Test
  void bytesKeepTheirPlaceAmongText() {
    Client ann = connected(node.superchat);
    ann.sayAndSettle("{'type':'subscribe','id':2,'channel':'live:a'}");
    ann.next("subscribed");
    for (int i = 1; i <= 6; i++) {
      String rest = "'id':%d,'channel':'live:a'".formatted(i);
      if (i % 3 == 0) {
        say(ann, "{'type':'publish',%s}".formatted(rest));
      } else {
        ann.sayAndSettle("{'type':'publish',%s,'data':%d}".formatted(rest, i));
      }
    }
    int next = 1;
    for (JsonObject told : ann.told()) {
      if (told.getString("type").equals("publication")) {
        assertEquals(next++, told.getInt("offset"));
      }
    }
    assertEquals(7, next);
  }

  @Test
  void badBytesAreAnsweredAndNothingBreaks() {
    Client ann = connected(node.superchat);
    say(ann, "{'type':'publish','id':3,'channel':'room:a','data':1}");
    JsonObject error = ann.next("error");
    assertEquals("bad-request", error.getString("code"));
    assertEquals(3, error.getInt("re"));
    say(ann, "{");
    assertEquals("bad-json", ann.next("error").getString("code"));
    assertFalse(ann.session.hasEnded());
  }
}
