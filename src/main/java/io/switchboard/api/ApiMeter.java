package io.switchboard.api;

/** Hears how calls are answered, to count them. Called on any thread. */
@FunctionalInterface
public interface ApiMeter {
  /** Counts for nobody. */
  ApiMeter NONE = (call, status) -> {};

  /**
   * A call was answered.
   *
   * @param call its method and path, with the names of what varies in braces; {@code other} where
   *     there is no such call or the caller may not make any
   * @param status the HTTP status
   */
  void answered(String call, int status);
}
