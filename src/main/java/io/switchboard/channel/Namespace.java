package io.switchboard.channel;

import java.time.Duration;
import java.util.List;

/**
 * What holds for all channels whose names begin alike.
 *
 * @param name what stands before the colon
 * @param subscribe who may listen
 * @param publish who may speak
 * @param historySize how many publications the log keeps; 0 keeps none
 * @param historyAge how long it keeps them; without meaning where it keeps none
 * @param presence whether members are known to each other
 * @param deliver what a reader who is behind gets where the log cannot help
 */
public record Namespace(
    String name,
    Access subscribe,
    Access publish,
    int historySize,
    Duration historyAge,
    boolean presence,
    Deliver deliver) {

  /** Who is let in. */
  public enum Access {
    /** Everybody who has a session. */
    ANYONE,
    /** Everybody whose name was proven. */
    AUTHENTICATED,
    /** The user the channel is named after. */
    OWNER,
    /** No client: the application on the server only. */
    SERVER
  }

  /** What somebody who reads too slowly is told of what waits for it. */
  public enum Deliver {
    /** Each publication, or that some are missing. */
    EVERY,
    /** The newest of each {@code key}; what it replaces was of use to nobody any more. */
    LATEST
  }

  /** Makes one that delivers every publication. */
  public Namespace(
      String name,
      Access subscribe,
      Access publish,
      int historySize,
      Duration historyAge,
      boolean presence) {
    this(name, subscribe, publish, historySize, historyAge, presence, Deliver.EVERY);
  }

  /** The namespaces Switchboard ships with. */
  public static final List<Namespace> SHIPPED =
      List.of(
          new Namespace(
              ChannelName.ROOM, Access.ANYONE, Access.ANYONE, 1_000, Duration.ofDays(30), true),
          new Namespace(
              ChannelName.USER, Access.OWNER, Access.SERVER, 1_000, Duration.ofDays(30), false),
          new Namespace(
              "push", Access.AUTHENTICATED, Access.SERVER, 1_000, Duration.ofDays(30), false),
          new Namespace(
              "live", Access.ANYONE, Access.ANYONE, 0, Duration.ZERO, false, Deliver.LATEST));
}
