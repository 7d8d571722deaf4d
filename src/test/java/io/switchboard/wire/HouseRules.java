package io.switchboard.wire;

import io.switchboard.auth.ChannelPolicy;
import io.switchboard.auth.Identity;
import io.switchboard.auth.NamespacePolicy;
import io.switchboard.channel.ChannelName;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;

/** Rooms whose names begin with staff- are for colleagues; all else is as shipped. */
@Dependent
@Alternative
@Priority(1000)
public final class HouseRules implements ChannelPolicy {
  private final NamespacePolicy shipped;

  @Inject
  HouseRules(NamespacePolicy shipped) {
    this.shipped = shipped;
  }

  @Override
  public Verdict decide(Identity who, Action what, ChannelName channel) {
    boolean forColleagues = channel.isRoom() && channel.localName().startsWith("staff-");
    boolean colleague = !who.guest() && who.user().endsWith("@example.com");
    return forColleagues && !colleague
        ? new Verdict.Denied("this room is for colleagues")
        : shipped.decide(who, what, channel);
  }

  @Override
  public Verdict decideForServer(Action what, ChannelName channel) {
    return shipped.decideForServer(what, channel);
  }
}
