package io.switchboard.hub;

import io.switchboard.channel.Member;
import io.switchboard.protocol.Push;
import io.switchboard.session.ClientSession;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session on a channel. Touched by the channel's lane only. */
final class Subscription {
  final ClientSession session;
  final Member member;
  final Hub.Terms terms;

  /** What happened before the session was told where it begins; null once it is live. */
  @Nullable List<Push> held = new ArrayList<>();

  Subscription(ClientSession session, Member member, Hub.Terms terms) {
    this.session = session;
    this.member = member;
    this.terms = terms;
  }

  String user() {
    return member.who().user();
  }
}
