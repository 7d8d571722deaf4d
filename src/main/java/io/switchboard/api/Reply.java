package io.switchboard.api;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * An answer.
 *
 * @param body empty for none
 */
record Reply(int status, String mediaType, String body) {
  /** The answer that says nothing but that it is done. */
  static final Reply DONE = new Reply(204, "", "");

  static Reply json(int status, String body) {
    return new Reply(status, "application/json", body);
  }

  CompletionStage<Reply> now() {
    return CompletableFuture.completedFuture(this);
  }

  void send(HttpServletResponse response) throws IOException {
    response.setStatus(status);
    response.setHeader("Cache-Control", "no-store");
    if (!body.isEmpty()) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      response.setContentType(mediaType);
      response.setContentLength(bytes.length);
      response.getOutputStream().write(bytes);
    } else {
      response.flushBuffer(); // GlassFish forgets the status of an answer that is only completed
    }
  }
}
