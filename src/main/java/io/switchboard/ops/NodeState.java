package io.switchboard.ops;

import io.switchboard.engine.Availability;
import io.switchboard.hub.Hub;
import io.switchboard.session.ClientSession;
import io.switchboard.session.SessionRegistry;
import java.util.Collection;

/** What there is to know of a node now, for those who watch it. Safe for use by many threads. */
public record NodeState(SessionRegistry registry, Hub hub, Availability availability) {
  /** Returns its name, which a restart changes. */
  public String name() {
    return registry.node();
  }

  /** Returns every session, as a view that changes with them. */
  public Collection<ClientSession> sessions() {
    return registry.all();
  }

  /** Returns how many sessions are being caught up. */
  public long sessionsBehind() {
    return registry.all().stream().filter(session -> session.counts().isBehind()).count();
  }

  /** Returns how many channels have somebody listening. */
  public int channels() {
    return hub.channelCount();
  }

  /** Returns how many bytes wait for slow readers. */
  public long queueBytes() {
    return registry.budget().spent();
  }

  /** Returns how many may. */
  public long maxQueueBytes() {
    return registry.budget().max();
  }

  /** Returns whether the engine keeps what is published now. */
  public boolean isEngineAvailable() {
    return availability.isAvailable();
  }

  /** Returns whether nobody is let in any more. */
  public boolean isDraining() {
    return registry.isDraining();
  }
}
