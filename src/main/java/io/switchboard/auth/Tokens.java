package io.switchboard.auth;

import io.switchboard.channel.ChannelName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Says who a token is of: the port to what signs and checks tokens.
 *
 * <p>Implementations are safe for many threads and never wait: keys are fetched ahead.
 */
public interface Tokens {
  /** The answer. */
  sealed interface Verdict {
    /**
     * The token is good.
     *
     * @param expires until when; absent where it says nothing about that
     */
    record Good(Identity identity, @Nullable Instant expires) implements Verdict {}

    /**
     * It is not. {@code why} is for people and holds nothing of the token.
     *
     * @param expired whether it was good once
     */
    record Bad(String why, boolean expired) implements Verdict {}

    /** Whether it is cannot be said now, because the keys are out of reach. */
    record Unknown(String why) implements Verdict {}
  }

  /** Returns whether any token is accepted: whether a key is configured. */
  boolean accepted();

  /** Returns who opens a session by {@code token}. */
  Verdict verify(String token);

  /**
   * Returns whether {@code token} lets {@code user} subscribe to {@code channel}, and until when: a
   * token for one channel, which says so.
   */
  Verdict verify(String token, String user, ChannelName channel);
}
