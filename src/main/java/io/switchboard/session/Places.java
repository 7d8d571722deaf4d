package io.switchboard.session;

import io.switchboard.channel.ChannelName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The channels that a session is on, and how it is called there. Safe for use by many threads.
 *
 * <p>A place is taken by {@link #join}, and settled once the hub knows the session there. What is
 * taken and not settled when the session ends is given up by whoever settles it; what is settled
 * comes off by {@link #leaveAll}, which must come after {@link #end}.
 */
final class Places {
  /**
   * What it is on a channel.
   *
   * @param name how it is called there
   * @param settled whether the hub knows it there already
   */
  private record Place(@Nullable String name, boolean settled) {}

  private final int max;

  // Guarded by this, as is all below.
  private final Map<ChannelName, Place> channels = new HashMap<>();

  /** The name chosen last. */
  private @Nullable String name;

  private boolean over;

  /**
   * Makes it of a session that is on no channel.
   *
   * @param max how many it may be on, its user's own not counted
   */
  Places(int max, @Nullable String name) {
    this.max = max;
    this.name = name;
  }

  synchronized void rename(@Nullable String wanted) {
    name = wanted;
  }

  /** Returns how it is called where it is on no channel. */
  synchronized @Nullable String name() {
    return name;
  }

  /** Returns how it is called on {@code channel}. */
  synchronized @Nullable String name(ChannelName channel) {
    Place place = channels.get(channel);
    return place == null ? name : place.name();
  }

  /** Returns the channels, in the order of their names. */
  List<ChannelName> all() {
    List<ChannelName> copy;
    synchronized (this) {
      copy = new ArrayList<>(channels.keySet());
    }
    copy.sort(Comparator.comparing(ChannelName::value));
    return copy;
  }

  synchronized boolean isOn(ChannelName channel) {
    return channels.containsKey(channel);
  }

  /** Takes {@code channel}; {@code wanted} is its name there and from then on, if there is one. */
  synchronized ClientSession.Joined join(
      ChannelName channel, ChannelName own, @Nullable String wanted) {
    if (over) {
      return ClientSession.Joined.ENDED;
    }
    if (channels.containsKey(channel)) {
      return ClientSession.Joined.ALREADY;
    }
    int others = channels.size() - (channels.containsKey(own) ? 1 : 0);
    if (!channel.equals(own) && others >= max) {
      return ClientSession.Joined.TOO_MANY;
    }
    if (wanted != null) {
      name = wanted;
    }
    channels.put(channel, new Place(name, false));
    return ClientSession.Joined.OK;
  }

  /** Returns whether the session has ended since, and the hub must forget it there. */
  synchronized boolean settle(ChannelName channel) {
    Place place = channels.get(channel);
    if (place == null) {
      return false;
    }
    if (over) {
      channels.remove(channel);
      return true;
    }
    channels.put(channel, new Place(place.name(), true));
    return false;
  }

  /** Gives {@code channel} up if it is settled; returns whether it was. */
  synchronized boolean leave(ChannelName channel) {
    Place place = channels.get(channel);
    if (place == null || !place.settled()) {
      return false;
    }
    channels.remove(channel);
    return true;
  }

  /** Gives up all that are settled, and returns them. */
  synchronized List<ChannelName> leaveAll() {
    List<ChannelName> settled = new ArrayList<>();
    channels.forEach(
        (channel, place) -> {
          if (place.settled()) {
            settled.add(channel);
          }
        });
    settled.forEach(channels::remove);
    return settled;
  }

  /** Takes no channel any more. */
  synchronized void end() {
    over = true;
  }
}
