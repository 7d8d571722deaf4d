package io.switchboard.boot;

import io.switchboard.auth.NoTokens;
import io.switchboard.auth.Tokens;
import io.switchboard.auth.jwt.JwtSettings;
import io.switchboard.auth.jwt.JwtTokens;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.random.RandomGenerator;

/**
 * What checks tokens, and the thread that fetches keys for it.
 *
 * @param beat to be called about once a second
 * @param end ends the thread
 */
record TokenParts(Tokens tokens, Runnable beat, Runnable end) {
  /** Makes what {@code settings} ask for; its thread is there while keys are fetched only. */
  static TokenParts start(Optional<JwtSettings> settings, Clock clock, RandomGenerator random) {
    if (settings.isEmpty()) {
      return new TokenParts(new NoTokens(), () -> {}, () -> {});
    }
    ExecutorService fetching = Threads.pool(1, "switchboard-keys");
    JwtTokens tokens = new JwtTokens(settings.get(), fetching, clock, System::nanoTime, random);
    tokens.beat(); // the keys are on their way before the first client is
    return new TokenParts(tokens, tokens::beat, () -> end(fetching, tokens));
  }

  /** An interrupt does not end a connection that waits for its other side. */
  private static void end(ExecutorService fetching, JwtTokens tokens) {
    fetching.shutdownNow();
    tokens.end();
  }
}
