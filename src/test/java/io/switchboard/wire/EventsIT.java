package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Beans of an application in the WAR hear what happens, on every container's CDI. */
class EventsIT extends WireTest {

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard().addClasses(Heard.class, HeardServlet.class);
  }

  private List<String> heard() {
    return api().call(api().request("/test/heard").GET()).body().lines().toList();
  }

  @Test
  void aBeanHearsASessionFromItsBeginningToItsEnd() {
    String user = user();
    String room = room();
    ChatClient ann = chatAs(user, "Ann");
    ann.join(room, "Ann");
    ann.say(room, "hi");
    ann.send("type", "leave", "room", room);
    ann.next("left");
    api().posted("/users/" + user + "/disconnect", "{}");
    List<String> expected =
        List.of(
            "opened %s chat websocket".formatted(user),
            "subscribed %1$s user:%1$s".formatted(user),
            "subscribed %s room:%s".formatted(user, room),
            "unsubscribed %s room:%s".formatted(user, room),
            "closed %s 4004".formatted(user),
            "unsubscribed %1$s user:%1$s".formatted(user));
    // What is accepted is told when the engine has said so, which may be after the room has heard.
    List<String> accepted =
        List.of("accepted room:%s 1".formatted(room), "accepted later room:%s 1".formatted(room));
    int all = expected.size() + accepted.size();
    Deadline.patient().until(() -> heard().size() >= all);
    List<String> heard = heard();
    assertEquals(expected, heard.stream().filter(line -> !line.startsWith("accepted")).toList());
    assertEquals(accepted, heard.stream().filter(line -> line.startsWith("accepted")).toList());
  }
}
