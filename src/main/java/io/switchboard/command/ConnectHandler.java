package io.switchboard.command;

import io.switchboard.channel.ChannelName;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.SubscriptionStart;
import io.switchboard.protocol.SuperchatCodec;
import io.switchboard.protocol.SuperchatCommand.Connect;
import io.switchboard.protocol.SuperchatCommand.Sub;
import io.switchboard.session.ClientSession;
import io.switchboard.session.HeartbeatSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lets a client of {@code superchat} begin, with all its subscriptions in one answer. */
final class ConnectHandler implements Handler<Connect> {
  private final Subscriber subscriber;
  private final SuperchatCodec codec;
  private final HeartbeatSettings heartbeat;
  private final Credentials credentials;

  ConnectHandler(
      Subscriber subscriber,
      SuperchatCodec codec,
      HeartbeatSettings heartbeat,
      Credentials credentials) {
    this.subscriber = subscriber;
    this.credentials = credentials;
    this.codec = codec;
    this.heartbeat = heartbeat;
  }

  @Override
  public void handle(ClientSession session, Connect connect) {
    if (session.isIntroduced()) {
      Refusals.refuse(
          session,
          connect.id(),
          new Refusal(ErrorCode.BAD_REQUEST, "type: you are connected already"));
      return;
    }
    if (!credentials.admit(session, connect.id(), connect.token())) {
      return;
    }
    session.introduce(connect.name());
    List<Sub> subs = withOwn(session, connect.subs());
    Answer answer = new Answer(session, connect.id(), subs.size());
    for (Sub sub : subs) {
      subscriber.subscribe(
          session,
          new Subscriber.Wish(
              sub.channel(),
              null,
              sub.since(),
              false,
              session.settings().queueBytes() / 4 / subs.size()),
          new Subscriber.Outcome() {
            @Override
            public void began(SubscriptionStart start, Runnable goLive) {
              answer.add(sub.channel(), start, goLive);
            }

            @Override
            public void refused(Refusal refusal) {
              answer.add(sub.channel(), refusal, () -> {});
            }
          });
    }
    answer.sendIfComplete();
  }

  /** Adds the channel of a user whose name is proven: it always listens there. */
  private static List<Sub> withOwn(ClientSession session, List<Sub> wanted) {
    ChannelName own = ChannelName.user(session.identity().user());
    if (session.identity().guest() || wanted.stream().anyMatch(s -> s.channel().equals(own))) {
      return wanted;
    }
    List<Sub> subs = new ArrayList<>(wanted);
    subs.add(new Sub(own, null));
    return subs;
  }

  /** Waits for the outcome of every subscription; none goes live before the answer is sent. */
  private final class Answer {
    private final ClientSession session;
    private final long id;
    private final int expected;

    /** Guarded by this, as is all below. */
    private final Map<ChannelName, Object> outcomes = new LinkedHashMap<>();

    private final List<Runnable> goLive = new ArrayList<>();
    private boolean sent;

    Answer(ClientSession session, long id, int expected) {
      this.session = session;
      this.id = id;
      this.expected = expected;
    }

    void add(ChannelName channel, Object outcome, Runnable live) {
      synchronized (this) {
        outcomes.put(channel, outcome);
        goLive.add(live);
      }
      sendIfComplete();
    }

    void sendIfComplete() {
      synchronized (this) {
        if (sent || outcomes.size() < expected) {
          return;
        }
        sent = true;
      }
      session.answer(
          id,
          codec.connected(
              id,
              session.info(),
              session.node(),
              heartbeat.interval(),
              session.pass().expires(),
              new SuperchatCodec.Limits(
                  session.settings().maxMessage(),
                  session.settings().maxChannels(),
                  session.settings().rate()),
              outcomes));
      session.begun();
      goLive.forEach(Runnable::run);
    }
  }
}
