package io.switchboard.command;

import io.switchboard.auth.ChannelPolicy;
import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.auth.ChannelPolicy.Verdict;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.StreamPosition;
import io.switchboard.engine.ReadMarkers;
import io.switchboard.hub.Hub;
import io.switchboard.hub.Hub.Terms;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.SubscriptionStart;
import io.switchboard.session.ClientSession;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets sessions of {@code superchat} listen, for {@code connect} and {@code subscribe}. */
final class Subscriber {
  private final Hub hub;
  private final ChannelPolicy policy;
  private final ReadMarkers markers;

  Subscriber(Hub hub, ChannelPolicy policy, ReadMarkers markers) {
    this.hub = hub;
    this.policy = policy;
    this.markers = markers;
  }

  /** What came of it. */
  interface Outcome {
    /** It listens; what happens on the channel waits until {@code goLive} is called. */
    void began(SubscriptionStart start, Runnable goLive);

    /** It does not. */
    void refused(Refusal refusal);
  }

  /**
   * Asks for {@code channel}; {@code outcome} hears once, on any thread, unless the session ends.
   *
   * @param maxBytes how much the answer may recover; the rest follows
   */
  void subscribe(
      ClientSession session,
      ChannelName channel,
      @Nullable StreamPosition since,
      boolean presence,
      int maxBytes,
      Outcome outcome) {
    Verdict verdict = policy.decide(session.identity(), Action.SUBSCRIBE, channel);
    if (!(verdict instanceof Verdict.Granted granted)) {
      Refusals.of(verdict, "channel").ifPresent(outcome::refused);
      return;
    }
    Optional<Refusal> refusal = cannotJoin(session, channel);
    if (refusal.isPresent()) {
      outcome.refused(refusal.get());
      return;
    }
    Namespace namespace = granted.namespace();
    Hub.Presence told =
        presence && namespace.presence() ? Hub.Presence.SESSIONS : Hub.Presence.NONE;
    hub.subscribe(
        session,
        channel,
        new Terms(namespace, namespace.presence(), told, 0, since, maxBytes),
        new Beginning(session.identity().user(), channel, outcome));
  }

  /** Waits for the read marker, and tells one outcome whatever happens meanwhile. */
  private final class Beginning implements Hub.Beginning {
    private final String user;
    private final ChannelName channel;
    private final Outcome outcome;

    /** Guarded by this, so that whoever leaves is told so after its beginning. */
    private boolean told;

    Beginning(String user, ChannelName channel, Outcome outcome) {
      this.user = user;
      this.channel = channel;
      this.outcome = outcome;
    }

    private synchronized void tell(Runnable telling) {
      if (!told) {
        told = true;
        telling.run();
      }
    }

    @Override
    public void began(SubscriptionStart start, Runnable goLive) {
      markers
          .marked(user, channel)
          .whenComplete(
              (read, error) ->
                  tell(() -> outcome.began(error == null ? start.withRead(read) : start, goLive)));
    }

    @Override
    public void failed() {
      refuse(ErrorCode.UNAVAILABLE, "channel: its history is out of reach, try again");
    }

    @Override
    public void left() {
      refuse(ErrorCode.NOT_SUBSCRIBED, "channel: it was left before it had begun");
    }

    private void refuse(ErrorCode code, String why) {
      tell(() -> outcome.refused(new Refusal(code, why)));
    }
  }

  private static Optional<Refusal> cannotJoin(ClientSession session, ChannelName channel) {
    return switch (session.join(channel, null)) {
      case OK -> Optional.empty();
      case ALREADY ->
          Optional.of(new Refusal(ErrorCode.ALREADY_SUBSCRIBED, "channel: subscribed already"));
      case TOO_MANY ->
          Optional.of(
              new Refusal(
                  ErrorCode.LIMIT_EXCEEDED,
                  "channel: at most %d at a time".formatted(session.settings().maxChannels())));
      case ENDED -> Optional.of(new Refusal(ErrorCode.UNAVAILABLE, "the session has ended"));
    };
  }
}
