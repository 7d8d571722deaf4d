package io.switchboard.hub;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Publication;
import io.switchboard.protocol.Push;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a reader that has fallen behind is told in place of all that it missed, beyond what the log
 * can tell it. Bounded by {@link #MAX_KEYS} and {@link #MAX_BYTES}, and by the number of members of
 * the channel. Touched by the channel's lane only.
 */
final class Missed {
  /** So many publications are kept where only the newest of each key counts. */
  static final int MAX_KEYS = 256;

  /** What they may hold in all. */
  static final int MAX_BYTES = 256 * 1024;

  private final ChannelName channel;
  private final boolean latest;

  /** The newest publication of each key, the one that changed last at the end. */
  private final Map<String, Push.Published> newest = new LinkedHashMap<>();

  private long newestBytes;

  /** How the members' presence has changed in sum, by session. */
  private final Map<String, Push> presence = new LinkedHashMap<>();

  private long lostFrom;
  private long lostTo;
  private long top;

  /**
   * Makes one.
   *
   * @param latest whether the newest publication of each key is kept
   */
  Missed(ChannelName channel, boolean latest) {
    this.channel = channel;
    this.latest = latest;
  }

  /** Notes what the reader was not told. */
  void add(Push push) {
    if (push instanceof Push.Published published) {
      add(published);
    } else if (push instanceof Push.Joined joined) {
      changed(joined.who().session(), joined);
    } else if (push instanceof Push.Left left) {
      changed(left.who().session(), left);
    } else if (push instanceof Push.Gap gap) {
      lose(gap.from(), gap.to());
    } else {
      throw new IllegalArgumentException("nothing that a channel tells all: " + push);
    }
  }

  /** One that came and went meanwhile is not worth a word, and one that went and came is. */
  private void changed(String session, Push push) {
    boolean came = presence.remove(session) instanceof Push.Joined;
    if (!came || push instanceof Push.Joined) {
      presence.put(session, push);
    }
  }

  private void add(Push.Published published) {
    Publication publication = published.publication();
    if (publication.isEphemeral()) {
      return; // said in passing
    }
    top = Math.max(top, publication.offset());
    if (!latest) {
      lose(publication.offset(), publication.offset());
      return;
    }
    Push.Published older = newest.remove(key(publication));
    newestBytes += publication.data().size() - size(older);
    newest.put(key(publication), published);
    Iterator<Push.Published> eldest = newest.values().iterator();
    while (newest.size() > MAX_KEYS || (newestBytes > MAX_BYTES && newest.size() > 1)) {
      Push.Published lost = eldest.next();
      eldest.remove();
      newestBytes -= size(lost);
      lose(lost.publication().offset(), lost.publication().offset());
    }
  }

  /** All that have no key count as one. */
  private static String key(Publication publication) {
    return publication.key() == null ? "" : publication.key();
  }

  private static int size(Push.@Nullable Published published) {
    return published == null ? 0 : published.publication().data().size();
  }

  private void lose(long from, long to) {
    lostFrom = lostFrom == 0 ? from : Math.min(lostFrom, from);
    lostTo = Math.max(lostTo, to);
  }

  /** Returns the newest offset that was missed; 0 if there is none. */
  long top() {
    return top;
  }

  /**
   * Returns the first offset that was missed, where every publication counts; 0 if there is none.
   */
  long bottom() {
    return lostFrom;
  }

  /** Returns how the members have changed. */
  List<Push> presence() {
    return List.copyOf(presence.values());
  }

  /** Returns what is told where there is no log: a gap, and what is still worth telling. */
  List<Push> publications() {
    List<Push> pushes = new ArrayList<>();
    if (lostFrom > 0) {
      pushes.add(new Push.Gap(channel, lostFrom, lostTo));
    }
    pushes.addAll(newest.values());
    return pushes;
  }
}
