package io.switchboard.command;

import io.switchboard.auth.Tokens;
import io.switchboard.channel.ChannelName;
import io.switchboard.hub.Hub;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Push;
import io.switchboard.session.ClientSession;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions that stand on a token, which end with it. Safe for use by many threads.
 *
 * <p>While such a subscription lasts, its session may read the channel's history and see who is
 * there.
 */
public final class ChannelTokens {
  /** A subscription and its end. No value: two by the same token are two. */
  static final class Held {
    private final ClientSession session;
    private final ChannelName channel;
    private final @Nullable Instant until;

    /**
     * Makes one.
     *
     * @param until absent where the token says nothing about that
     */
    Held(ClientSession session, ChannelName channel, @Nullable Instant until) {
      this.session = session;
      this.channel = channel;
      this.until = until;
    }

    ClientSession session() {
      return session;
    }

    ChannelName channel() {
      return channel;
    }

    private boolean isOver(Instant now) {
      return until != null && !now.isBefore(until);
    }
  }

  private record Place(String session, ChannelName channel) {
    static Place of(Held held) {
      return new Place(held.session().id(), held.channel());
    }
  }

  private final Tokens tokens;
  private final Hub hub;
  private final Clock clock;
  private final Map<Place, Held> all = new ConcurrentHashMap<>();

  /** Makes one that holds nothing. */
  public ChannelTokens(Tokens tokens, Hub hub, Clock clock) {
    this.tokens = tokens;
    this.hub = hub;
    this.clock = clock;
  }

  /** Returns whether any token is accepted. */
  boolean accepted() {
    return tokens.accepted();
  }

  /** Returns what {@code token} is worth to {@code session} on {@code channel}. */
  Tokens.Verdict verify(String token, ClientSession session, ChannelName channel) {
    return tokens.verify(token, session.identity().user(), channel);
  }

  /** Notes a subscription. */
  void add(Held held) {
    all.put(Place.of(held), held);
  }

  /** Forgets a subscription that has ended, and no other one in its place. */
  void remove(Held held) {
    all.remove(Place.of(held), held);
  }

  /** Returns whether {@code session} listens on {@code channel} by a token that still holds. */
  boolean isHeld(ClientSession session, ChannelName channel) {
    Held held = all.get(new Place(session.id(), channel));
    return held != null && !held.isOver(clock.instant()) && session.isOn(channel);
  }

  /** Ends the subscriptions whose token has expired; to be called about once a second. */
  public void beat() {
    if (all.isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    for (Held held : all.values()) {
      if (held.isOver(now) && held.session().leave(held.channel())) {
        hub.unsubscribe(held.session(), held.channel(), () -> tell(held));
      }
    }
  }

  private static void tell(Held held) {
    ClientSession session = held.session();
    session.send(
        session
            .codec()
            .encode(
                new Push.Unsubscribed(
                    held.channel(),
                    ErrorCode.TOKEN_EXPIRED,
                    "the token for this channel has expired",
                    true)));
  }

  /** Returns how many subscriptions stand on a token. */
  public int size() {
    return all.size();
  }
}
