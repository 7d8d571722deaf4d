package io.switchboard.event;

/** Who is told of events. Safe for use by many threads; never blocks. */
public interface Events {
  /** Tells nobody. */
  Events NOBODY =
      new Events() {
        @Override
        public boolean isHeard(Class<? extends Event> type) {
          return false;
        }

        @Override
        public void happened(Event event) {}
      };

  /** Returns whether anybody wants events of {@code type}; if not, they need not be made. */
  boolean isHeard(Class<? extends Event> type);

  /** Tells of {@code event}, later. */
  void happened(Event event);
}
