package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.json.JsonObject;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** A build with a policy of its own in {@code WEB-INF/classes}, on every container's CDI. */
class PolicyAlternativeIT extends WireTest {
  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard().addClass(HouseRules.class);
  }

  private JsonObject asked(String user, String command) {
    RawWebSocket socket = superchatAs(user);
    socket.send(Frame.text("{\"type\":\"connect\",\"id\":1}"));
    assertEquals("connected", socket.nextJson().getString("type"));
    socket.send(Frame.text(command.replace('\'', '"')));
    return socket.nextJson();
  }

  @Test
  void itDecidesInSuperchatAndMayAskTheOneThatShips() {
    String subscribe = "{'type':'subscribe','id':2,'channel':'%s'}";
    String staff = subscribe.formatted("room:staff-" + room());
    JsonObject refused = asked(user(), staff);
    assertEquals("forbidden", refused.getString("code", ""), refused::toString);
    assertEquals("channel: this room is for colleagues", refused.getString("message"));
    assertEquals("subscribed", asked("ann@example.com", staff).getString("type"));
    assertEquals("subscribed", asked(user(), subscribe.formatted("room:x")).getString("type"));
    assertEquals("forbidden", asked(user(), subscribe.formatted("user:ann")).getString("code", ""));
  }

  @Test
  void itDecidesInChatAndForTheServer() {
    String room = "staff-" + room();
    ChatClient guest = chat();
    guest.send("type", "join", "room", room);
    assertEquals("forbidden", guest.next("error").getString("code"));
    ChatClient ann = chatAs("ann@example.com", "Ann");
    ann.join(room, "Ann");
    api().published("{\"channel\":\"room:%s\",\"data\":{\"text\":\"hi\"}}".formatted(room));
    assertEquals("hi", ann.next("said").getString("text"));
  }
}
