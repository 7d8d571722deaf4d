package io.switchboard.engine.jdbc;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.engine.Broker.Published;
import io.switchboard.engine.Broker.Request;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What waits for the writer, with the answer somebody waits for. */
sealed interface Operation {
  /** What one costs besides its data: objects and references. An estimate. */
  int OVERHEAD = 256;

  /** Ends the wait; the reason names the database. */
  void fail(RuntimeException reason);

  /** Returns how much it adds to a batch and to what waits, in bytes. */
  default int size() {
    return OVERHEAD;
  }

  /** Returns whether it is turned down at once while the database is away. */
  default boolean needsDatabase() {
    return true;
  }

  /** Returns whether it makes a batch of its own. */
  default boolean isAlone() {
    return false;
  }

  /**
   * A publication.
   *
   * @param text the payload as JSON or Base64, made by whoever publishes and not by the one writer
   */
  record Publish(
      ChannelName channel,
      Namespace namespace,
      Request request,
      String text,
      CompletableFuture<Published> answer)
      implements Operation {
    /** Returns whether it counts in the channel's offsets. */
    boolean isNumbered() {
      return !request.ephemeral();
    }

    boolean isStored() {
      return isNumbered() && namespace.historySize() > 0;
    }

    /** Returns the user as far as keys are concerned: empty for the server. */
    String user() {
      return request.publisher() == null ? "" : request.publisher().user();
    }

    /** Returns the key if it is to be compared. */
    @Nullable String key() {
      return request.idempotencyKey(namespace);
    }

    @Override
    public int size() {
      return OVERHEAD + request.data().size();
    }

    @Override
    public boolean needsDatabase() {
      return isNumbered();
    }

    @Override
    public void fail(RuntimeException reason) {
      answer.completeExceptionally(reason);
    }
  }

  /** The wish that a channel's log be emptied. */
  record Clear(ChannelName channel, CompletableFuture<@Nullable Void> answer) implements Operation {
    /** It is for what lies before it, and a batch numbers first and clears last. */
    @Override
    public boolean isAlone() {
      return true;
    }

    @Override
    public void fail(RuntimeException reason) {
      answer.completeExceptionally(reason);
    }
  }

  /** How far a user has read. */
  record Mark(
      String user, ChannelName channel, long offset, CompletableFuture<@Nullable Void> answer)
      implements Operation {
    @Override
    public void fail(RuntimeException reason) {
      answer.completeExceptionally(reason);
    }
  }

  /** The question whether the database takes what is written. */
  record Probe(CompletableFuture<Boolean> answer) implements Operation {
    @Override
    public boolean needsDatabase() {
      return false; // it is how one learns that it is back
    }

    /** What needs no database must not fail with it. */
    @Override
    public boolean isAlone() {
      return true;
    }

    @Override
    public void fail(RuntimeException reason) {
      answer.complete(false);
    }
  }
}
