package io.switchboard.channel;

import java.time.Duration;
import java.util.List;

/**
 * What holds for all channels whose names begin alike.
 *
 * @param name what stands before the colon
 * @param subscribe who may listen
 * @param publish who may speak
 * @param historyAccess who may read the log, be it asked for or recovered
 * @param presenceAccess who may see who is there
 * @param historySize how many publications the log keeps; 0 keeps none
 * @param historyAge how long it keeps them; without meaning where it keeps none
 * @param presence whether members are known to each other
 * @param deliver what a reader who is behind gets where the log cannot help
 * @param durable whether an engine that outlives the process is to keep the log, where there is one
 * @param publishRate how many publications per second a session may make here, on all channels
 *     together and with as many at once; 0 for as many as it may send commands
 * @param channelRate how many publications per second all clients together may make on one channel
 *     of one node, and as many at once; 0 for any number
 */
public record Namespace(
    String name,
    Access subscribe,
    Access publish,
    Access historyAccess,
    Access presenceAccess,
    int historySize,
    Duration historyAge,
    boolean presence,
    Deliver deliver,
    boolean durable,
    int publishRate,
    int channelRate) {

  /** What clients may publish on a channel unless a setting says otherwise. */
  public static final int CHANNEL_RATE = 1_000;

  /** Who is let in. */
  public enum Access {
    /** Everybody who has a session. */
    ANYONE,
    /** Everybody whose name was proven. */
    AUTHENTICATED,
    /** The user the channel is named after. */
    OWNER,
    /** Who shows a token that was made for the channel. */
    TOKEN,
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

  /** In which nodes tell how they are: nobody else publishes there. */
  public static final String ADMIN = "admin";

  private static final Duration MONTH = Duration.ofDays(30);

  /** Makes one in which who listens may also read and look. */
  public Namespace(
      String name,
      Access subscribe,
      Access publish,
      int historySize,
      Duration historyAge,
      boolean presence,
      Deliver deliver,
      boolean durable,
      int publishRate) {
    this(
        name,
        subscribe,
        publish,
        subscribe,
        subscribe,
        historySize,
        historyAge,
        presence,
        deliver,
        durable,
        publishRate,
        CHANNEL_RATE);
  }

  /** Makes one that is durable, delivers every publication and has no rate of its own. */
  public Namespace(
      String name,
      Access subscribe,
      Access publish,
      int historySize,
      Duration historyAge,
      boolean presence) {
    this(name, subscribe, publish, historySize, historyAge, presence, Deliver.EVERY, true, 0);
  }

  /** The namespaces Switchboard ships with. */
  public static final List<Namespace> SHIPPED =
      List.of(
          new Namespace(ChannelName.ROOM, Access.ANYONE, Access.ANYONE, 1_000, MONTH, true),
          new Namespace(ChannelName.USER, Access.OWNER, Access.SERVER, 1_000, MONTH, false),
          standard("push"),
          new Namespace(
              "live", Access.ANYONE, Access.ANYONE, 0, MONTH, false, Deliver.LATEST, false, 0));

  /** Returns what a namespace is of which nothing is said but its name: the server's to speak. */
  public static Namespace standard(String name) {
    return new Namespace(name, Access.AUTHENTICATED, Access.SERVER, 1_000, MONTH, false);
  }
}
