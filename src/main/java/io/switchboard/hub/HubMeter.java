package io.switchboard.hub;

/** Hears what a hub does, to count it. Called on any thread; must be fast. */
public interface HubMeter {
  /** Counts for nobody. */
  HubMeter NONE =
      new HubMeter() {
        @Override
        public void refused() {}

        @Override
        public void fellBehind() {}

        @Override
        public void page(int publications) {}
      };

  /** A publication was refused, because too many waited to be told on its channel. */
  void refused();

  /** A reader was too slow for its queue, or missed an announcement: it takes no more for now. */
  void fellBehind();

  /** A page of the log was queued for a reader that is being caught up. */
  void page(int publications);
}
