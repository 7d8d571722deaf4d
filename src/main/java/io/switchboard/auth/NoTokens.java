package io.switchboard.auth;

import io.switchboard.channel.ChannelName;

/** What stands for {@link Tokens} where no key to check them by is configured. */
public final class NoTokens implements Tokens {
  private static final Verdict BAD = new Verdict.Bad("no tokens are accepted here", false);

  /** Makes one. */
  public NoTokens() {}

  @Override
  public boolean accepted() {
    return false;
  }

  @Override
  public Verdict verify(String token) {
    return BAD;
  }

  @Override
  public Verdict verify(String token, String user, ChannelName channel) {
    return BAD;
  }
}
