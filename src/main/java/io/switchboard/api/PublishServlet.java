package io.switchboard.api;

import io.switchboard.auth.ApiKey;
import io.switchboard.auth.ChannelPolicy;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Payload;
import io.switchboard.engine.Availability;
import io.switchboard.engine.Broker.Published;
import io.switchboard.http.Problem;
import io.switchboard.hub.Hub;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Fields;
import io.switchboard.protocol.Fields.BadField;
import io.switchboard.protocol.Json;
import io.switchboard.session.SessionSettings;
import jakarta.inject.Inject;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/publish}: an application says something on a channel. */
@WebServlet(urlPatterns = "/api/publish", asyncSupported = true)
public class PublishServlet extends HttpServlet {
  private static final long serialVersionUID = 1;
  private static final Logger LOG = System.getLogger(PublishServlet.class.getName());

  /** What a body may hold beyond the data of one message: the other fields. */
  private static final int ENVELOPE = 4096;

  /** Fields of the contract that are not served yet; refused rather than ignored. */
  private static final List<String> NOT_YET = List.of("key", "channels");

  @Inject private transient ApiKey apiKey;
  @Inject private transient Hub hub;
  @Inject private transient ChannelPolicy policy;
  @Inject private transient SessionSettings limits;
  @Inject private transient Json json;

  /** What the body asks for. */
  private record Publish(ChannelName channel, Payload data, boolean ephemeral) {}

  /** The answer. */
  @JsonbPropertyOrder({"offset", "epoch", "at"})
  public record Answer(long offset, String epoch, Instant at) {}

  /** A request that is turned down. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Problem problem;

    Refused(Problem problem) {
      super(problem.detail(), null, false, false);
      this.problem = problem;
    }
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      if (!apiKey.isIn(request.getHeader("Authorization"))) {
        throw new Refused(
            Problem.of(401, "Unauthenticated", "Authorization: expected Bearer and the API key")
                .header("WWW-Authenticate", "Bearer"));
      }
      if (!request.getMethod().equals("POST")) {
        throw new Refused(
            Problem.of(405, "Method not allowed", "expected POST").header("Allow", "POST"));
      }
      Publish publish = parse(body(request));
      CompletionStage<Published> result =
          hub.publish(publish.channel(), null, publish.data(), publish.ephemeral());
      AsyncContext async = request.startAsync();
      async.setTimeout(0); // the stage always completes
      // Answered on a thread of the container: the engine's must not wait for a caller.
      result.whenComplete((published, error) -> async.start(() -> finish(async, published, error)));
    } catch (Refused e) {
      e.problem.send(response);
    }
  }

  private String body(HttpServletRequest request) throws IOException, Refused {
    String type = Optional.ofNullable(request.getContentType()).orElse("");
    if (!type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("application/json")) {
      throw new Refused(
          Problem.of(415, "Unsupported media type", "Content-Type: expected application/json"));
    }
    int max = limits.maxMessage() + ENVELOPE;
    byte[] bytes = request.getInputStream().readNBytes(max + 1);
    if (bytes.length > max) {
      // What is left unread must not be taken for the next request.
      throw new Refused(
          tooLarge("the body holds at most %d bytes".formatted(max)).header("Connection", "close"));
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Refused(badRequest("expected UTF-8"));
    }
  }

  private Publish parse(String body) throws Refused {
    try {
      if (!(json.read(body) instanceof JsonObject object)) {
        throw new Refused(badRequest("expected one JSON object"));
      }
      for (String field : NOT_YET) {
        if (object.containsKey(field)) {
          throw new Refused(
              Problem.of(501, "Not implemented", field + ": not served yet")
                  .member("code", ErrorCode.UNAVAILABLE.code()));
        }
      }
      return publish(object);
    } catch (JsonException e) {
      throw new Refused(
          badRequest("expected one JSON object").member("code", ErrorCode.BAD_JSON.code()));
    } catch (BadField e) {
      throw new Refused(badRequest(String.valueOf(e.getMessage())));
    }
  }

  private Publish publish(JsonObject object) throws BadField, Refused {
    Fields fields = new Fields(object);
    ChannelName channel = fields.channel("channel");
    boolean ephemeral = fields.optionalBoolean("ephemeral").orElse(false);
    JsonValue value = object.get("data");
    if (value == null) {
      throw new BadField("data", "expected any JSON value");
    }
    Payload data = payload(value);
    if (policy.namespace(channel).isEmpty()) {
      throw new Refused(
          Problem.of(
                  404,
                  "Unknown channel",
                  "channel: expected one of the namespaces " + policy.known())
              .member("code", ErrorCode.UNKNOWN_CHANNEL.code()));
    }
    if (data.size() > limits.maxMessage()) {
      throw new Refused(
          tooLarge("data: expected at most %d bytes of JSON".formatted(limits.maxMessage())));
    }
    return new Publish(channel, data, ephemeral);
  }

  private static Payload payload(JsonValue value) throws BadField {
    try {
      return Payload.of(value);
    } catch (IllegalArgumentException e) {
      throw new BadField("data", "expected whole characters, got " + e.getMessage());
    }
  }

  private void finish(
      AsyncContext async, @Nullable Published published, @Nullable Throwable error) {
    try {
      HttpServletResponse response = (HttpServletResponse) async.getResponse();
      if (published == null) {
        if (!Availability.isRefusal(error)) {
          LOG.log(Level.ERROR, "publishing failed", error);
        }
        Problem.of(503, "Unavailable", "it was not published, try again")
            .header("Retry-After", "1")
            .member("code", ErrorCode.UNAVAILABLE.code())
            .send(response);
      } else {
        Answer answer =
            new Answer(published.position().offset(), published.position().epoch(), published.at());
        byte[] body = json.write(answer).getBytes(StandardCharsets.UTF_8);
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
      }
    } catch (IOException e) { // the caller went away; what it published stays
      LOG.log(Level.DEBUG, "an answer could not be sent", e);
    } finally {
      async.complete();
    }
  }

  private static Problem badRequest(String detail) {
    return Problem.of(400, "Bad request", detail);
  }

  private static Problem tooLarge(String detail) {
    return Problem.of(413, "Too large", detail).member("code", ErrorCode.TOO_LARGE.code());
  }
}
