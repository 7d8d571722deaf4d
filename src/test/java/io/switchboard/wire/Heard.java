package io.switchboard.wire;

import io.switchboard.event.PublicationAccepted;
import io.switchboard.event.SessionClosed;
import io.switchboard.event.SessionOpened;
import io.switchboard.event.Subscribed;
import io.switchboard.event.Unsubscribed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A bean of an application in the same WAR: hears everything, in both of CDI's ways. */
@ApplicationScoped
public class Heard {
  private final List<String> lines = new CopyOnWriteArrayList<>();

  /** Made by CDI. */
  public Heard() {}

  /** Returns what was heard, in order. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  void opened(@Observes SessionOpened event) {
    lines.add("opened " + event.user() + " " + event.subprotocol() + " " + event.transport());
  }

  void closed(@ObservesAsync SessionClosed event) {
    lines.add("closed " + event.user() + " " + event.code());
  }

  void subscribed(@ObservesAsync Subscribed event) {
    lines.add("subscribed " + event.user() + " " + event.channel());
  }

  void unsubscribed(@Observes Unsubscribed event) {
    lines.add("unsubscribed " + event.user() + " " + event.channel());
  }

  void accepted(@Observes PublicationAccepted event) {
    lines.add("accepted " + event.channel() + " " + event.position().offset());
  }

  void acceptedLater(@ObservesAsync PublicationAccepted event) {
    lines.add("accepted later " + event.channel() + " " + event.position().offset());
  }
}
