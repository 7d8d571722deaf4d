package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** The server does what its OpenAPI document says, call by call and example by example. */
class OpenApiIT extends WireTest {

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard();
  }

  /** Read without a key. */
  private OpenApi document() {
    HttpReply reply = api().call(api().request("/api/openapi.yaml").GET());
    assertEquals(200, reply.status(), reply::toString);
    return new OpenApi(reply.body());
  }

  @Test
  void everyExampleIsAnsweredAsTheDocumentSays() {
    OpenApi document = document();
    assertEquals("3.1.0", document.version());
    // Somebody to look at.
    ChatClient ann = chatAs("ann", "Ann");
    ann.join("lobby", "Ann");
    ann.say("lobby", "hi");
    int asked = 0;
    for (OpenApi.Operation operation : document.operations()) {
      for (OpenApi.Example example : document.examples(operation)) {
        asked++;
        HttpReply reply = ask(document, operation, example);
        String told = operation.method() + " " + operation.path() + " " + example + ": " + reply;
        assertEquals(example.status(), reply.status(), told);
        assertEquals(List.of(), document.mistakes(operation, reply), told);
        if (example.body().isPresent() && example.status() < 300) {
          String body = example.body().get();
          assertEquals(List.of(), document.mistakesInRequest(operation, body), told);
        }
      }
    }
    assertTrue(asked > 25, "only " + asked + " examples");
  }

  private HttpReply ask(OpenApi document, OpenApi.Operation operation, OpenApi.Example example) {
    // A session of its own, for some calls end it.
    String session = operation.path().contains("{session}") ? chat().session() : "";
    String target = document.target(operation, Map.of("session", session));
    HttpRequest.Builder request = api().calling(operation.method(), target);
    if (example.body().isPresent()) {
      request
          .header("Content-Type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofString(example.body().get()));
    }
    return api().call(request);
  }

  @Test
  void everyCallAsksForTheKey() {
    OpenApi document = document();
    for (OpenApi.Operation operation : document.operations()) {
      if (!document.needsKey(operation)) {
        continue;
      }
      String target = document.target(operation, Map.of());
      HttpReply reply =
          api()
              .call(
                  api()
                      .request("/api" + target)
                      .method(operation.method(), HttpRequest.BodyPublishers.noBody()));
      assertProblem(401, reply);
      assertEquals(List.of(), document.mistakes(operation, reply), operation::path);
    }
  }

  @Test
  void everyOtherMethodIsRefusedWithTheRightOnes() {
    document()
        .methods()
        .forEach(
            (path, methods) -> {
              String target = path.replaceAll("\\{\\w+}", "x");
              HttpReply reply = api().call(api().calling("PATCH", target));
              assertProblem(405, reply);
              methods.forEach(
                  method -> assertTrue(reply.hasToken("Allow", method), () -> path + reply));
            });
  }

  @Test
  void anUnknownPathIsNotFoundOnceTheKeyWasShown() {
    assertProblem(404, api().get("/nothing"));
    assertProblem(404, api().get(""));
    assertProblem(401, api().call(api().request("/api/nothing").GET()));
  }
}
