package io.switchboard.engine;

import java.util.concurrent.CompletionStage;

/**
 * Carries to every node what must happen to sessions there.
 *
 * <p>Every method may be called on any thread and returns at once. Injectable by CDI: {@code
 * bus.send(new Order.DisconnectUser("ann", Order.KICKED, Order.NO_REASON))}.
 */
public interface ControlBus {
  /** Carries out orders on one node. */
  interface Listener {
    /**
     * Called once for each order, in the order in which a node sent them, one call at a time. Must
     * not block.
     */
    Outcome carryOut(Order order);
  }

  /**
   * What came of an order, on all nodes together.
   *
   * @param sessions for how many sessions it holds now
   * @param refused how many sessions could not follow it, because they are at a limit
   */
  record Outcome(int sessions, int refused) {
    /** Nobody was concerned. */
    public static final Outcome NOBODY = new Outcome(0, 0);

    /** Returns the sum of two. */
    public Outcome plus(Outcome other) {
      return new Outcome(sessions + other.sessions, refused + other.refused);
    }
  }

  /**
   * Sends {@code order} to every node, this one included.
   *
   * @return completes when all have carried it out; exceptionally, with a {@link
   *     java.util.concurrent.RejectedExecutionException} where too many orders wait, or with what
   *     failed. Callers must not block in what they chain to it
   */
  CompletionStage<Outcome> send(Order order);

  /** Sets who carries orders out on this node; to be called once, before the first order. */
  void listen(Listener listener);
}
