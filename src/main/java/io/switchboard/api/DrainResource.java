package io.switchboard.api;

import io.switchboard.http.Problem;
import io.switchboard.protocol.Json;
import io.switchboard.session.Draining;
import io.switchboard.session.SessionRegistry;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code /drain}: sends the clients of this node away, which goes on running. */
final class DrainResource {
  private final Draining draining;
  private final SessionRegistry registry;
  private final Json json;

  DrainResource(Draining draining, SessionRegistry registry, Json json) {
    this.draining = draining;
    this.registry = registry;
    this.json = json;
  }

  /**
   * The answer.
   *
   * @param sessions how many are still connected
   * @param until when the last one will have been closed
   */
  @JsonbPropertyOrder({"node", "draining", "sessions", "since", "until"})
  public record Answer(
      String node,
      boolean draining,
      int sessions,
      @Nullable Instant since,
      @Nullable Instant until) {}

  CompletionStage<Reply> look(Call call) {
    return answer(200);
  }

  CompletionStage<Reply> begin(Call call) {
    draining.begin();
    return answer(202);
  }

  CompletionStage<Reply> end(Call call) throws Refused {
    if (!draining.end()) {
      throw new Refused(Problem.of(409, "Conflict", "this node is going down"));
    }
    return answer(200);
  }

  private CompletionStage<Reply> answer(int status) {
    Draining.Status now = draining.status();
    Answer answer =
        new Answer(
            registry.node(),
            now.draining(),
            now.sessions(),
            now.since().orElse(null),
            now.until().orElse(null));
    return Reply.json(status, json.write(answer)).now();
  }
}
