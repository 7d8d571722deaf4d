package io.switchboard.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.Identity;
import io.switchboard.protocol.Disconnect;
import io.switchboard.testing.TestNode;
import io.switchboard.testing.TestNode.Client;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the log says of a connection that ended. */
class ConnectionLogTest {
  private final TestNode node = new TestNode(3);
  private final ConnectionLog log = new ConnectionLog(true, node.time);

  @Test
  void whoFromWhereHowLongAndHowMuch() {
    Client ann = node.connect(node.superchat, new Identity("ann", false));
    ann.session.counts().arrived(24);
    ann.sayAndSettle("{'type':'connect','id':1}");
    node.time.pass(Duration.ofMillis(12_345));
    ann.session.close(Disconnect.NO_PONG);
    String out = Long.toString(ann.session.counts().bytesOut());
    assertEquals(
        "connection ended session=%s user=ann address=127.0.0.1 transport=fake"
                .formatted(ann.session.id())
            + " subprotocol=superchat seconds=12.345 messagesIn=1 messagesOut=1 bytesIn=24"
            + " bytesOut=%s code=4201 reason=\"%s\"".formatted(out, Disconnect.NO_PONG.reason()),
        log.line(ann.session, 4201).toString());
  }

  @Test
  void nothingInItEndsTheLineOrMakesAnotherValue() {
    String line =
        new LogLine("ended")
            .with("user", "ann\nINFO: forged")
            .with("name", "a\" code=\"1000")
            .with("reason", "\u001b[2J\u2028\u202e\\u000a")
            .toString();
    assertEquals(
        "ended user=\"ann\\u000aINFO: forged\" name=\"a\\\" code=\\\"1000\""
            + " reason=\\u001b[2J\\u2028\\u202e\\u005cu000a",
        line);
    assertEquals(1, line.lines().count());
  }

  @Test
  void whatItSaysIsThereForWhoWritesJson() {
    Client ann = node.connect(node.chat, new Identity("ann", false));
    LogLine line = log.line(ann.session, 1000);
    assertEquals("ann", line.get("user"));
    assertEquals(1000, line.get("code"));
    assertTrue(line.containsKey("session"));
    assertFalse(line.containsKey("token"));
  }
}
