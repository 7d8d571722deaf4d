package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Keys that may do some things and not others, and that come and go while the server runs. */
class ApiKeysIT extends WireTest {
  /** A channel that any key with the right scope may be used on. */
  private static final String PUBLISH = "{\"channel\":\"push:keys\",\"data\":1}";

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard("switchboard.wrong-keys.burst", "100000");
  }

  private static Path file() {
    return Deployments.home().resolve("api-keys");
  }

  private static String line(String key, String scopes) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return "%s %s sha256:%s # of a test\n".formatted(key, scopes, HexFormat.of().formatHex(hash));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpReply ask(String key, String method, String path, String body) {
    HttpRequest.Builder request =
        api().request("/api" + path).header("Authorization", "Bearer " + key);
    if (body.isEmpty()) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(method, HttpRequest.BodyPublishers.ofString(body));
    }
    return api().call(request);
  }

  private void awaitStatus(int status, String key) {
    assertTrue(
        Deadline.patient().until(() -> ask(key, "GET", "/channels", "").status() == status),
        () -> key + " was not answered with " + status);
  }

  @Test
  void eachScopeOpensItsOwnCallsAndTheOthersAreNamed() throws IOException {
    Files.writeString(
        file(),
        line("talks", "publish")
            + line("looks", "read")
            + line("both", "publish,read")
            + line("boss", "admin"));
    awaitStatus(200, "boss");
    String ticket = "{\"user\":\"ann\"}";
    String history = "/channels/push/keys/history";
    assertEquals(200, ask("talks", "POST", "/publish", PUBLISH).status());
    assertEquals(200, ask("talks", "POST", "/users/ann/push", "{\"data\":1}").status());
    assertNeeds("read", ask("talks", "GET", history, ""));
    assertNeeds("publish, read", ask("talks", "POST", "/tickets", ticket));
    assertNeeds("admin", ask("talks", "POST", "/users/ann/disconnect", ""));
    assertEquals(200, ask("looks", "GET", history, "").status());
    assertEquals(200, ask("looks", "GET", "/sessions", "").status());
    assertNeeds("publish", ask("looks", "POST", "/publish", PUBLISH));
    assertNeeds("publish, read", ask("looks", "POST", "/tickets", ticket));
    assertNeeds("admin", ask("looks", "DELETE", history, ""));
    assertEquals(201, ask("both", "POST", "/tickets", ticket).status());
    assertNeeds("admin", ask("both", "POST", "/users/ann/subscribe", PUBLISH));
    assertEquals(200, ask("boss", "POST", "/publish", PUBLISH).status());
    assertEquals(201, ask("boss", "POST", "/tickets", ticket).status());
    assertEquals(204, ask("boss", "DELETE", history, "").status());
  }

  private static void assertNeeds(String scopes, HttpReply reply) {
    JsonObject problem = assertProblem(403, reply);
    assertTrue(
        problem
            .getString("detail")
            .startsWith("Authorization: expected a key with " + scopes + ","),
        reply::toString);
    assertEquals(
        "Bearer error=\"insufficient_scope\", scope=\"%s\"".formatted(scopes.replace(",", "")),
        reply.header("WWW-Authenticate").orElse(""));
  }

  @Test
  void keysComeAndGoWhileTheServerRuns() throws IOException {
    assertEquals(401, ask("later", "GET", "/channels", "").status());
    Files.writeString(file(), line("later", "read"));
    awaitStatus(200, "later");
    Files.writeString(file(), line("later", "read") + line("then", "read"));
    awaitStatus(200, "then");
    assertEquals(200, ask("later", "GET", "/channels", "").status());
    Files.writeString(file(), line("then", "read"));
    awaitStatus(401, "later");
    Files.delete(file());
    awaitStatus(401, "then");
    assertEquals(200, api().get("/channels").status());
  }

  @Test
  void aWrongKeyIsToldAsRfc6750Says() {
    HttpReply wrong = ask("wrong", "GET", "/channels", "");
    assertProblem(401, wrong);
    assertEquals("Bearer error=\"invalid_token\"", wrong.header("WWW-Authenticate").orElse(""));
    HttpReply none = api().call(api().request("/api/channels").GET());
    assertProblem(401, none);
    assertEquals("Bearer", none.header("WWW-Authenticate").orElse(""));
    for (String odd : List.of("Basic YW5uOmFubg==", "Bearer", "bearer ", "Digest x")) {
      HttpReply reply =
          api().call(api().request("/api/channels").header("Authorization", odd).GET());
      assertProblem(401, reply);
    }
  }
}
