package io.switchboard.command;

import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.auth.ChannelPolicy.Verdict;
import io.switchboard.auth.Tokens;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.StreamPosition;
import io.switchboard.command.ChannelTokens.Held;
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
  /** A place in no log: nothing is recovered from there. */
  private static final StreamPosition NOWHERE = new StreamPosition("", 0);

  private final Hub hub;
  private final Permissions permissions;
  private final ChannelTokens tokens;
  private final ReadMarkers markers;

  Subscriber(Hub hub, Permissions permissions, ChannelTokens tokens, ReadMarkers markers) {
    this.hub = hub;
    this.permissions = permissions;
    this.tokens = tokens;
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
   * What a client asks for.
   *
   * @param token made for the channel, where its namespace asks for one
   * @param since what it was told last; absent to recover nothing
   * @param presence whether it wants to hear who comes and goes
   * @param maxBytes how much the answer may recover; the rest follows
   */
  record Wish(
      ChannelName channel,
      @Nullable String token,
      @Nullable StreamPosition since,
      boolean presence,
      int maxBytes) {}

  /** Asks for a channel; {@code outcome} hears once, on any thread, unless the session ends. */
  void subscribe(ClientSession session, Wish wish, Outcome outcome) {
    if (!session.mayAttempt()) {
      outcome.refused(Refusals.tooManyRefused("channel"));
      return;
    }
    if (wish.token() == null) {
      subscribe(session, wish, null, outcome);
      return;
    }
    Tokens.Verdict verdict = tokens.verify(wish.token(), session, wish.channel());
    if (verdict instanceof Tokens.Verdict.Good good) {
      Held held = new Held(session, wish.channel(), good.expires());
      subscribe(session, wish, held, outcome);
    } else if (verdict instanceof Tokens.Verdict.Bad bad) {
      session.attemptedInVain();
      ErrorCode code = bad.expired() ? ErrorCode.TOKEN_EXPIRED : ErrorCode.FORBIDDEN;
      outcome.refused(
          new Refusal(tokens.accepted() ? code : ErrorCode.UNAUTHENTICATED, "token: " + bad.why()));
    } else {
      Tokens.Verdict.Unknown unknown = (Tokens.Verdict.Unknown) verdict;
      outcome.refused(new Refusal(ErrorCode.UNAVAILABLE, "token: " + unknown.why()));
    }
  }

  private void subscribe(ClientSession session, Wish wish, @Nullable Held held, Outcome outcome) {
    ChannelName channel = wish.channel();
    boolean token = held != null;
    Verdict verdict = permissions.decide(session, Action.SUBSCRIBE, channel, token);
    if (!(verdict instanceof Verdict.Granted granted)) {
      session.attemptedInVain();
      Refusals.of(verdict, "channel").ifPresent(outcome::refused);
      return;
    }
    // All that is asked of a policy, which may throw, before anything is noted.
    Terms terms = terms(session, wish, granted.namespace(), token);
    Optional<Refusal> refusal = cannotJoin(session, channel);
    if (refusal.isPresent()) {
      outcome.refused(refusal.get());
      return;
    }
    if (held != null) {
      tokens.add(held);
    }
    hub.subscribe(
        session, channel, terms, new Beginning(session.identity().user(), channel, held, outcome));
  }

  private Terms terms(ClientSession session, Wish wish, Namespace namespace, boolean token) {
    ChannelName channel = wish.channel();
    Hub.Presence told =
        wish.presence() && permissions.mayLook(session, channel, token)
            ? Hub.Presence.SESSIONS
            : Hub.Presence.NONE;
    StreamPosition since = wish.since();
    return new Terms(
        namespace,
        namespace.presence(),
        told,
        0,
        since == null || permissions.mayRead(session, channel, token) ? since : NOWHERE,
        wish.maxBytes());
  }

  /** Waits for the read marker, and tells one outcome whatever happens meanwhile. */
  private final class Beginning implements Hub.Beginning {
    private final String user;
    private final ChannelName channel;
    private final @Nullable Held held;
    private final Outcome outcome;

    /** Guarded by this, so that whoever leaves is told so after its beginning. */
    private boolean told;

    Beginning(String user, ChannelName channel, @Nullable Held held, Outcome outcome) {
      this.user = user;
      this.channel = channel;
      this.held = held;
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

    private void release() {
      if (held != null) {
        tokens.remove(held);
      }
    }

    @Override
    public void failed() {
      release();
      refuse(ErrorCode.UNAVAILABLE, "channel: its history is out of reach, try again");
    }

    @Override
    public void left() {
      release();
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
