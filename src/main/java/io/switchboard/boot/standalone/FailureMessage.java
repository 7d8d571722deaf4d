package io.switchboard.boot.standalone;

import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** What to tell the operator of an exception that a server has wrapped a few times. */
final class FailureMessage {
  private static final List<String> WRAPPERS =
      List.of("org.apache.", "org.jboss.", "jakarta.servlet.", "jakarta.enterprise.");

  private FailureMessage() {}

  /**
   * Returns the message of the first exception in the chain of causes that says something of its
   * own. A message of the application, which may have several lines, is given as it is; anything
   * unexpected is given with its class and a hint how to see more.
   */
  static String of(Throwable thrown) {
    Throwable said = thrown;
    while (said.getCause() != null && addsNothing(said, said.getCause())) {
      said = said.getCause();
    }
    String message = said.getMessage();
    return message == null || message.isBlank() || isMishap(said)
        ? said + " (--verbose shows where)"
        : message.strip().replaceFirst("^Switchboard cannot start: ", "");
  }

  /** Whether the exception was thrown at somebody who did not expect it, rather than said. */
  private static boolean isMishap(Throwable thrown) {
    return thrown instanceof Error
        || thrown instanceof NullPointerException
        || thrown instanceof ClassCastException
        || thrown instanceof IndexOutOfBoundsException
        || thrown instanceof ReflectiveOperationException;
  }

  /** Returns the last of the causes. */
  static Throwable rootOf(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static boolean addsNothing(Throwable wrapper, Throwable cause) {
    String name = wrapper.getClass().getName();
    return wrapper instanceof InvocationTargetException
        || wrapper instanceof ExecutionException
        || wrapper instanceof ExceptionInInitializerError
        || wrapper.getMessage() == null
        || wrapper.getMessage().equals(cause.toString())
        || WRAPPERS.stream().anyMatch(name::startsWith);
  }
}
