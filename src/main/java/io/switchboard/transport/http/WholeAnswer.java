package io.switchboard.transport.http;

import io.switchboard.http.Problem;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is there in one piece.
 *
 * @param body its position is nobody's
 * @param headers beside those of every answer
 */
record WholeAnswer(int status, String type, ByteBuffer body, Map<String, String> headers) {
  private static final Logger LOG = System.getLogger(WholeAnswer.class.getName());

  static final String JSON = "application/json";

  static WholeAnswer json(String text) {
    return new WholeAnswer(200, JSON, StandardCharsets.UTF_8.encode(text), Map.of());
  }

  static WholeAnswer nothing() {
    return new WholeAnswer(204, "", ByteBuffer.allocate(0), Map.of());
  }

  static WholeAnswer of(Problem problem) {
    return new WholeAnswer(
        problem.status(),
        "application/problem+json",
        StandardCharsets.UTF_8.encode(problem.document().toString()),
        problem.headers());
  }

  /** Returns how long the body is, in bytes. */
  int size() {
    return body.remaining();
  }

  /** Sends it without waiting for its reader, and completes {@code async}. */
  void send(AsyncContext async, Executor workers) {
    try {
      HttpServletResponse response = (HttpServletResponse) async.getResponse();
      response.setStatus(status);
      headers.forEach(response::setHeader);
      response.setHeader("Cache-Control", "no-store");
      byte[] bytes = new byte[size()];
      body.duplicate().get(bytes);
      if (status != HttpServletResponse.SC_NO_CONTENT) {
        response.setContentType(type);
        response.setContentLength(bytes.length);
      }
      if (bytes.length == 0) {
        response.flushBuffer(); // GlassFish forgets the status of an answer that is only completed
        async.complete();
        return;
      }
      new ResponseWriter(async, response.getOutputStream(), new Once(bytes), workers).start();
    } catch (IOException | IllegalStateException e) { // its reader is gone, or the container stops
      LOG.log(Level.DEBUG, "an answer could not be sent", e);
    }
  }

  private static final class Once implements ResponseWriter.Source {
    private byte @Nullable [] body;

    Once(byte[] body) {
      this.body = body.length == 0 ? null : body;
    }

    @Override
    public byte @Nullable [] next() {
      byte[] next = body;
      body = null;
      return next;
    }

    @Override
    public boolean isOver() {
      return true;
    }
  }
}
