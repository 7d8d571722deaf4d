package io.switchboard.api;

import io.switchboard.channel.ChannelName;
import io.switchboard.engine.Broker.Published;
import io.switchboard.engine.Broker.Request;
import io.switchboard.http.Problem;
import io.switchboard.protocol.Fields;
import io.switchboard.protocol.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /publish}: one publication; one on several channels; or several.
 *
 * <p>Several are told one by one what became of them, in their order, with 200 if all were
 * published and 207 if not. What they publish on one channel keeps its order.
 */
final class PublishResource {
  /** So many publications may stand in one array. */
  static final int MAX_PUBLICATIONS = 1_000;

  /** On so many channels one publication may be published. */
  static final int MAX_CHANNELS = 100;

  private final Publications publications;
  private final int maxBody;
  private final Json json;

  PublishResource(Publications publications, int maxBody, Json json) {
    this.maxBody = maxBody;
    this.publications = publications;
    this.json = json;
  }

  /**
   * The answer to one.
   *
   * @param channel absent where the caller named only one
   */
  @JsonbPropertyOrder({"channel", "offset", "epoch", "at", "duplicate"})
  public record Answer(
      @Nullable String channel,
      long offset,
      String epoch,
      Instant at,
      @Nullable Boolean duplicate) {
    static Answer of(@Nullable ChannelName channel, Published published) {
      return new Answer(
          channel == null ? null : channel.value(),
          published.position().offset(),
          published.position().epoch(),
          published.at(),
          published.duplicate() ? true : null);
    }
  }

  /** Returns how many bytes a body may hold. */
  int maxBody() {
    return Math.max(maxBody, publications.maxData() + Call.ENVELOPE);
  }

  CompletionStage<Reply> publish(Call call) throws Refused {
    JsonValue body = call.body(maxBody());
    if (body instanceof JsonArray array) {
      return several(call, array);
    }
    if (!(body instanceof JsonObject object)) {
      throw Refused.badRequest("expected one JSON object or an array of them");
    }
    if (object.containsKey("channels")) {
      return onSeveral(call, object);
    }
    Request request = publications.request(call, object);
    return publications
        .publish(Publications.channel(object), request)
        .thenApply(published -> Reply.json(200, json.write(Answer.of(null, published))));
  }

  private CompletionStage<Reply> several(Call call, JsonArray array) throws Refused {
    checkCount("the array", array.size(), MAX_PUBLICATIONS);
    List<CompletableFuture<Object>> results = new ArrayList<>();
    for (JsonValue value : array) {
      results.add(result(() -> one(call, value)));
    }
    return together(results);
  }

  private CompletionStage<Object> one(Call call, JsonValue value) throws Refused {
    if (!(value instanceof JsonObject object)) {
      throw Refused.badRequest("expected one JSON object, got " + Fields.kind(value));
    }
    if (object.containsKey("channels")) {
      throw Refused.badRequest("channels: not inside an array, expected channel");
    }
    ChannelName channel = Publications.channel(object);
    return answer(channel, publications.request(call, object));
  }

  private CompletionStage<Reply> onSeveral(Call call, JsonObject object) throws Refused {
    if (object.containsKey("channel")) {
      throw Refused.badRequest("channels: expected either channel or channels, got both");
    }
    if (!(object.get("channels") instanceof JsonArray channels)) {
      throw Refused.badRequest("channels: expected an array of strings");
    }
    checkCount("channels", channels.size(), MAX_CHANNELS);
    Request request = publications.request(call, object);
    List<CompletableFuture<Object>> results = new ArrayList<>();
    for (JsonValue channel : channels) {
      results.add(result(() -> answer(channel(channel), request)));
    }
    return together(results);
  }

  private static ChannelName channel(JsonValue value) throws Refused {
    if (!(value instanceof JsonString name)) {
      throw Refused.badRequest("channels: expected strings, got " + Fields.kind(value));
    }
    try {
      return new ChannelName(name.getString());
    } catch (IllegalArgumentException e) {
      throw Refused.badRequest("channels: " + e.getMessage());
    }
  }

  private CompletionStage<Object> answer(ChannelName channel, Request request) throws Refused {
    return publications
        .publish(channel, request)
        .thenApply(published -> Answer.of(channel, published));
  }

  private static void checkCount(String what, int count, int max) throws Refused {
    if (count < 1) {
      throw Refused.badRequest(what + ": expected 1 to %d, got none".formatted(max));
    }
    if (count > max) {
      throw Refused.tooLarge(
          what + ": expected 1 to %d, got %d; nothing was published".formatted(max, count));
    }
  }

  /** One of several, which may be turned down without the others. */
  private interface Part {
    CompletionStage<Object> start() throws Refused;
  }

  /** Returns what became of {@code part}: an {@link Answer}, or a {@link Problem}. */
  private static CompletableFuture<Object> result(Part part) {
    try {
      return part.start()
          .exceptionally(error -> problem((CompletionException) error))
          .toCompletableFuture();
    } catch (Refused e) {
      return CompletableFuture.completedFuture(e.problem());
    }
  }

  private static Object problem(CompletionException error) {
    if (error.getCause() instanceof Refused refused) {
      return refused.problem();
    }
    throw error;
  }

  private CompletionStage<Reply> together(List<CompletableFuture<Object>> results) {
    return CompletableFuture.allOf(results.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done -> {
              List<Object> told = new ArrayList<>();
              int status = 200;
              for (CompletableFuture<Object> result : results) {
                Object one = result.join();
                if (one instanceof Problem problem) {
                  status = 207;
                  told.add(problem.document());
                } else {
                  told.add(one);
                }
              }
              return Reply.json(status, json.write(told));
            });
  }
}
