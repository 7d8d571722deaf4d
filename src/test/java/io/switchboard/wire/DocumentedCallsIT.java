package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the pages tell people to type does what they say. */
class DocumentedCallsIT extends WireTest {

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard();
  }

  @ParameterizedTest
  @CsvSource({"README.md, 5", "src/docs/server-api.md, 16"})
  void everyCommandIsAnsweredAsShown(String page, int atLeast) throws IOException {
    ChatClient ann = chatAs("ann", "Ann");
    ann.join("lobby", "Ann");
    List<DocumentedCalls.Call> calls = DocumentedCalls.in(Path.of(page));
    assertTrue(calls.size() >= atLeast, () -> page + " has " + calls.size() + " commands");
    for (DocumentedCalls.Call call : calls) {
      HttpReply reply = run(call);
      String told = call + " got " + reply;
      assertTrue(reply.status() / 100 == 2, told);
      if (call.answer().isPresent()) {
        assertSameShape(read(call.answer().get()), read(reply.body()), told);
      } else if (call.url().contains("/api/")) {
        assertEquals("", reply.body(), told);
      }
    }
  }

  private HttpReply run(DocumentedCalls.Call call) {
    String here = "http://" + server().authority() + server().context();
    String url =
        call.url()
            .replaceFirst("^http://localhost:8080(/switchboard)?", here)
            .replaceFirst(
                "/[0-9a-f]{32}(?=/|$)",
                "/" + (call.url().contains("/sessions/") ? chat().session() : ""));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .method(
                call.method(),
                call.body()
                    .map(HttpRequest.BodyPublishers::ofString)
                    .orElse(HttpRequest.BodyPublishers.noBody()));
    call.headers().forEach(header -> request.header(header.name(), header.value()));
    return api().call(request);
  }

  private static JsonValue read(String json) {
    try (var reader = Json.createReader(new StringReader(json))) {
      return reader.readValue();
    }
  }

  /** The same members with the same kinds of values, throughout; texts and numbers may differ. */
  private static void assertSameShape(JsonValue shown, JsonValue got, String told) {
    if (shown instanceof JsonObject object) {
      JsonObject other = got.asJsonObject();
      assertEquals(object.keySet(), other.keySet(), told);
      object.forEach((key, value) -> assertSameShape(value, other.getValue("/" + key), told));
    } else if (shown instanceof JsonArray array) {
      JsonArray other = got.asJsonArray();
      assertEquals(array.isEmpty(), other.isEmpty(), told);
      for (int i = 0; i < Math.min(array.size(), other.size()); i++) {
        assertSameShape(array.get(i), other.get(i), told);
      }
    } else if (shown.getValueType() == JsonValue.ValueType.TRUE
        || shown.getValueType() == JsonValue.ValueType.FALSE) {
      assertTrue(got == JsonValue.TRUE || got == JsonValue.FALSE, told);
    } else {
      assertEquals(shown.getValueType(), got.getValueType(), told);
    }
  }
}
