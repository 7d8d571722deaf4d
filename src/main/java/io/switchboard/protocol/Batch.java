package io.switchboard.protocol;

import java.util.List;

/**
 * Several commands in one message, to be carried out in order.
 *
 * @param inputs none of them a batch
 */
public record Batch(List<Input> inputs) implements Input {
  /** Copies the list. */
  public Batch {
    inputs = List.copyOf(inputs);
  }
}
