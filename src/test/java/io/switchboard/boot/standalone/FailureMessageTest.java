package io.switchboard.boot.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import org.junit.jupiter.api.Test;

class FailureMessageTest {

  @Test
  void theApplicationsOwnWordsAreKept() {
    var wrong = new IllegalStateException("2 settings are wrong:\n  a\n  b\n", new Exception("x"));

    assertEquals("2 settings are wrong:\n  a\n  b", FailureMessage.of(wrong));
  }

  @Test
  void wrappersAreLookedThrough() {
    var wrong = new IllegalArgumentException("no such folder");
    var wrapped =
        new ServletException(
            "listener failed", new RuntimeException(new InvocationTargetException(wrong)));

    assertEquals("no such folder", FailureMessage.of(wrapped));
  }

  @Test
  void whatTheLauncherSaysAnywayIsNotSaidTwice() {
    var wrong = new UncheckedIOException("Switchboard cannot start: no key", new IOException("x"));

    assertEquals("no key", FailureMessage.of(wrong));
  }

  @Test
  void theUnexpectedIsNamedWithAHint() {
    assertEquals(
        "java.lang.NullPointerException (--verbose shows where)",
        FailureMessage.of(new RuntimeException(new NullPointerException())));
  }
}
