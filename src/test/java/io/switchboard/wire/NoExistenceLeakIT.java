package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** What is forbidden is answered alike, whether it exists or not. */
class NoExistenceLeakIT extends WireTest {
  /** Names of one length, so that nothing but the existence differs. */
  private static final String THERE = "there-00";

  private static final String NOT_THERE = "nowhere0";

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard(
        "switchboard.namespace.deal.subscribe", "token",
        "switchboard.namespace.deal.publish", "server",
        "switchboard.namespace.deal.presence", "true",
        "switchboard.namespace.closed.subscribe", "server",
        "switchboard.namespace.closed.publish", "server",
        "switchboard.namespace.closed.presence", "true",
        "switchboard.namespace.room.subscribe", "server",
        "switchboard.namespace.room.publish", "server");
  }

  /** Publishes there, and lets somebody listen. */
  private void makeExist(String channel) {
    api().published("{\"channel\":\"%s\",\"data\":1}".formatted(channel));
    String user = user();
    RawWebSocket member = superchatAs(user);
    member.send(Frame.text("{\"type\":\"connect\",\"id\":1}"));
    assertEquals("connected", member.nextJson().getString("type"));
    api().posted("/users/" + user + "/subscribe", "{\"channel\":\"%s\"}".formatted(channel));
    assertEquals("subscribed", member.nextJson().getString("type"));
  }

  private static JsonObject ask(RawWebSocket socket, String command) {
    socket.send(Frame.text(command.replace('\'', '"')));
    return socket.nextJson();
  }

  @Test
  void overSuperchat() {
    RawWebSocket eve = superchatAs("eve");
    eve.send(Frame.text("{\"type\":\"connect\",\"id\":1}"));
    assertEquals("connected", eve.nextJson().getString("type"));
    for (String namespace : List.of("deal", "closed", "user", "room")) {
      String there = namespace + ":" + THERE;
      makeExist(there);
      for (String command :
          List.of(
              "{'type':'subscribe','id':2,'channel':'%s'}",
              "{'type':'subscribe','id':2,'channel':'%s','presence':true,"
                  + "'since':{'epoch':'e','offset':0}}",
              "{'type':'history','id':2,'channel':'%s'}",
              "{'type':'presence','id':2,'channel':'%s'}",
              "{'type':'publish','id':2,'channel':'%s','data':1}",
              "{'type':'ack','channel':'%s','offset':1}",
              "{'type':'unsubscribe','id':2,'channel':'%s'}")) {
        JsonObject one = ask(eve, command.formatted(there));
        JsonObject other = ask(eve, command.formatted(namespace + ":" + NOT_THERE));
        assertEquals(one, other, () -> namespace + " " + command);
        assertEquals(
            command.contains("unsubscribe") ? "not-subscribed" : "forbidden",
            one.getString("code", ""),
            one::toString);
      }
      JsonObject connected = connect(namespace);
      JsonObject subs = connected.getJsonObject("subs");
      assertEquals(subs.get(there), subs.get(namespace + ":" + NOT_THERE), subs::toString);
      assertEquals("forbidden", subs.getJsonObject(there).getString("code"));
    }
  }

  private JsonObject connect(String namespace) {
    RawWebSocket mallory = superchatAs("mallory");
    return ask(
        mallory,
        "{'type':'connect','id':1,'subs':{'%1$s:%2$s':null,'%1$s:%3$s':null}}"
            .formatted(namespace, THERE, NOT_THERE));
  }

  @Test
  void overChat() {
    makeExist("room:" + THERE);
    ChatClient eve = chatAs("eve", "Eve");
    for (List<String> command :
        List.of(
            List.of("type", "join"),
            List.of("type", "who"),
            List.of("type", "leave"),
            List.of("type", "say", "text", "hi"))) {
      JsonObject one = told(eve, command, THERE);
      JsonObject other = told(eve, command, NOT_THERE);
      assertEquals(one.toString().replace(THERE, "X"), other.toString().replace(NOT_THERE, "X"));
      assertTrue(List.of("forbidden", "not-joined").contains(one.getString("code")), one::toString);
    }
  }

  private static JsonObject told(ChatClient client, List<String> command, String room) {
    List<String> fields = new ArrayList<>(command);
    fields.addAll(List.of("room", room));
    client.send(fields.toArray(Object[]::new));
    return client.next("error");
  }

  @Test
  void overHttp() {
    makeExist("closed:" + THERE);
    HttpReply created =
        api()
            .call(
                api()
                    .request("/chat/sessions")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"type\":\"connect\",\"id\":1}")));
    assertEquals(201, created.status(), created::toString);
    String session = created.json().getString("session");
    String token = created.json().getString("token");
    for (String type : List.of("subscribe", "history", "presence")) {
      HttpReply one = commanded(session, token, type, THERE);
      HttpReply other = commanded(session, token, type, NOT_THERE);
      assertEquals(one.status(), other.status());
      assertEquals(one.body(), other.body());
      assertTrue(one.body().contains("forbidden"), one::toString);
    }
  }

  private HttpReply commanded(String session, String token, String type, String name) {
    return api()
        .call(
            api()
                .request("/chat/sessions/" + session)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        "{\"type\":\"%s\",\"id\":2,\"channel\":\"closed:%s\"}"
                            .formatted(type, name))));
  }
}
