package io.switchboard.hub;

import io.switchboard.channel.ChannelName;
import org.jspecify.annotations.Nullable;

/** Follows publications for those who trace requests. Safe for use by many threads. */
public interface Tracing {
  /** One publication that nobody follows. */
  Publishing UNTRACED =
      new Publishing() {
        @Override
        public @Nullable String trace() {
          return null;
        }

        @Override
        public void ended(@Nullable Throwable error) {}
      };

  /** Follows none. */
  Tracing OFF =
      new Tracing() {
        @Override
        public Publishing publishing(ChannelName channel, @Nullable String parent) {
          return UNTRACED;
        }

        @Override
        public Runnable delivering(ChannelName channel, String trace) {
          return () -> {};
        }
      };

  /** A publication that is being published. */
  interface Publishing {
    /** Returns the trace as a {@code traceparent}; nothing where it is not followed. */
    @Nullable String trace();

    /** It was published, or not; called once, on any thread. */
    void ended(@Nullable Throwable error);
  }

  /**
   * A publication is handed in, by the calling thread.
   *
   * @param parent the {@code traceparent} of who asked for it, unchecked; absent if it gave none
   */
  Publishing publishing(ChannelName channel, @Nullable String parent);

  /**
   * Those who listen on this node are being told.
   *
   * @param trace of {@link Publishing#trace}
   * @return to be run once the last of them was
   */
  Runnable delivering(ChannelName channel, String trace);
}
