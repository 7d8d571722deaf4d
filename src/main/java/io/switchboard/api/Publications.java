package io.switchboard.api;

import io.switchboard.auth.ChannelPolicy;
import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.auth.ChannelPolicy.Verdict;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Journey;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Payload;
import io.switchboard.engine.Availability;
import io.switchboard.engine.Broker.Published;
import io.switchboard.engine.Broker.Request;
import io.switchboard.http.Problem;
import io.switchboard.hub.Hub;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Fields;
import io.switchboard.protocol.Fields.BadField;
import io.switchboard.protocol.SuperchatReader;
import io.switchboard.session.SessionSettings;
import jakarta.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** What applications publish: read from JSON, checked, and handed to the hub. */
final class Publications {
  private static final Logger LOG = System.getLogger(Publications.class.getName());

  private final Hub hub;
  private final ChannelPolicy policy;
  private final SessionSettings limits;

  Publications(Hub hub, ChannelPolicy policy, SessionSettings limits) {
    this.hub = hub;
    this.policy = policy;
    this.limits = limits;
  }

  /** Returns how many bytes the data of one publication may take. */
  int maxData() {
    return limits.maxMessage();
  }

  /** Reads what one publication of {@code call} carries, whatever the channel. */
  Request request(Call call, JsonObject object) throws Refused {
    Fields fields = new Fields(object);
    try {
      boolean ephemeral = fields.optionalBoolean("ephemeral").orElse(false);
      String key = fields.displayName("key", SuperchatReader.MAX_KEY).orElse(null);
      return new Request(null, data(fields), key, ephemeral, Journey.askedWith(call.trace()));
    } catch (BadField e) {
      throw Refused.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private Payload data(Fields fields) throws BadField, Refused {
    Payload data = fields.payload();
    if (data.size() > limits.maxMessage()) {
      throw Refused.tooLarge("data: expected at most %d bytes".formatted(maxData()));
    }
    return data;
  }

  /** Returns the channel that {@code object} names. */
  static ChannelName channel(JsonObject object) throws Refused {
    try {
      return new Fields(object).channel("channel");
    } catch (BadField e) {
      throw Refused.badRequest(String.valueOf(e.getMessage()));
    }
  }

  /** Refuses what not even the application may do, and channels of unknown namespaces. */
  static void check(ChannelPolicy policy, Action what, ChannelName channel) throws Refused {
    Verdict verdict = policy.decideForServer(what, channel);
    if (verdict instanceof Verdict.Unknown unknown) {
      throw new Refused(
          Problem.of(404, "Unknown channel", "channel: " + unknown.accepted())
              .member("code", ErrorCode.UNKNOWN_CHANNEL.code()));
    }
    if (verdict instanceof Verdict.NeedsToken) {
      throw new IllegalStateException("a policy asks the application itself for a token");
    }
    if (verdict instanceof Verdict.Denied denied) {
      throw new Refused(
          Problem.of(403, "Forbidden", "channel: " + denied.why())
              .member("code", ErrorCode.FORBIDDEN.code()));
    }
  }

  /**
   * Publishes.
   *
   * @return completes exceptionally with a {@link Refused} only
   */
  CompletionStage<Published> publish(ChannelName channel, Request request) throws Refused {
    check(policy, Action.PUBLISH, channel);
    if (channel.namespace().equals(Namespace.ADMIN)) {
      throw new Refused(
          Problem.of(403, "Forbidden", "channel: only nodes publish here")
              .member("code", ErrorCode.FORBIDDEN.code()));
    }
    return hub.publish(channel, request)
        .exceptionally(
            error -> {
              Throwable cause = error instanceof CompletionException ? error.getCause() : error;
              if (!Availability.isRefusal(cause)) {
                LOG.log(Level.ERROR, () -> "publishing to " + channel + " failed", error);
              }
              throw new CompletionException(
                  new Refused(Refused.unavailable("it was not published, try again")));
            });
  }
}
