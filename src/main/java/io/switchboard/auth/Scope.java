package io.switchboard.auth;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a caller of the server API may do. */
public enum Scope {
  /** Publish on any channel, and push to users. */
  PUBLISH,
  /** Look at channels, their history and who is there, and at sessions. */
  READ,
  /** Everything, which is also to disconnect, to subscribe others, and to forget history. */
  ADMIN;

  /** What stands before a scope in a token's {@code scope} claim, and in the name of a role. */
  public static final String PREFIX = "switchboard:";

  /** Returns how it is written in files and documents. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the scope that is written so. */
  public static Optional<Scope> of(String word) {
    return Arrays.stream(values()).filter(scope -> scope.word().equals(word)).findFirst();
  }

  /** Returns the scopes among {@code names}, which are written {@code switchboard:publish}. */
  public static Set<Scope> among(Set<String> names) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (Scope scope : values()) {
      if (names.contains(PREFIX + scope.word())) {
        scopes.add(scope);
      }
    }
    return scopes;
  }

  /** Returns {@code scopes} for people. */
  public static String words(Set<Scope> scopes) {
    return scopes.isEmpty()
        ? "none"
        : scopes.stream().sorted().map(Scope::word).collect(Collectors.joining(", "));
  }
}
