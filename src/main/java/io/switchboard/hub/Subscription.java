package io.switchboard.hub;

import io.switchboard.channel.ClientInfo;
import io.switchboard.protocol.Push;
import io.switchboard.session.ClientSession;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session on a channel. Touched by the channel's lane only. */
final class Subscription {
  final ClientSession session;
  final ClientInfo member;

  /** Whether others on the channel are told that it comes and goes. */
  final boolean announced;

  /** What happened while history is being read; null once the subscription is live. */
  @Nullable List<Push> held = new ArrayList<>();

  Subscription(ClientSession session, ClientInfo member, boolean announced) {
    this.session = session;
    this.member = member;
    this.announced = announced;
  }
}
