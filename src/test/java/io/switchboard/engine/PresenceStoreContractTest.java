package io.switchboard.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.ClientInfo;
import io.switchboard.channel.Member;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every engine does about presence. An engine's own test extends this one. */
public abstract class PresenceStoreContractTest {
  private static final ChannelName LOBBY = ChannelName.room("lobby");
  private static final ChannelName DEN = ChannelName.room("den");
  private static final Member ANN = member("s1", "ann", "Ann", 1);
  private static final Member BOB = member("s2", "bob", null, 2);

  private PresenceStore store;

  /** Opens one in which nobody is anywhere. */
  protected abstract PresenceStore open() throws Exception;

  private static Member member(String session, String user, @Nullable String name, long at) {
    return new Member(new ClientInfo(session, user, name), Instant.ofEpochMilli(at));
  }

  private static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private List<Member> members(ChannelName channel) {
    return await(store.members(channel));
  }

  @BeforeEach
  void openStore() throws Exception {
    store = open();
  }

  @Test
  void nobodyIsWhereNobodyCame() {
    assertEquals(List.of(), members(LOBBY));
  }

  @Test
  void membersAreThereAsTheyCame() {
    await(store.put(LOBBY, BOB));
    await(store.put(LOBBY, ANN));
    await(store.put(DEN, ANN));
    assertEquals(List.of(BOB, ANN), members(LOBBY));
    assertEquals(List.of(ANN), members(DEN));
  }

  @Test
  void whoIsRemovedIsGoneFromThatChannel() {
    await(store.put(LOBBY, ANN));
    await(store.put(LOBBY, BOB));
    await(store.put(DEN, ANN));
    await(store.remove(LOBBY, "s1"));
    assertEquals(List.of(BOB), members(LOBBY));
    assertEquals(List.of(ANN), members(DEN));
    await(store.remove(LOBBY, "s2"));
    assertEquals(List.of(), members(LOBBY));
  }

  @Test
  void aSessionIsThereOnce() {
    await(store.put(LOBBY, ANN));
    Member renamed = member("s1", "ann", "Anne", 3);
    await(store.put(LOBBY, renamed));
    assertEquals(List.of(renamed), members(LOBBY));
  }

  @Test
  void aUserIsThereWithEachSession() {
    Member second = member("s3", "ann", "Ann", 3);
    await(store.put(LOBBY, ANN));
    await(store.put(LOBBY, second));
    assertEquals(List.of(ANN, second), members(LOBBY));
  }

  @Test
  void toRemoveWhoIsNotThereHasNoEffect() {
    await(store.remove(LOBBY, "s1"));
    await(store.put(LOBBY, BOB));
    await(store.remove(LOBBY, "s1"));
    assertEquals(List.of(BOB), members(LOBBY));
  }

  @Test
  void whatWasAskedTakesEffectInThatOrder() {
    for (int i = 0; i < 100; i++) { // none of them is waited for
      var unused = store.put(LOBBY, ANN);
      var unusedToo = store.remove(LOBBY, "s1");
    }
    assertEquals(List.of(), members(LOBBY));
    for (int i = 0; i < 100; i++) {
      var unused = store.remove(LOBBY, "s1");
      var unusedToo = store.put(LOBBY, ANN);
    }
    assertEquals(List.of(ANN), members(LOBBY));
  }

  @Test
  void whatWasReadStaysAsItWas() {
    await(store.put(LOBBY, ANN));
    List<Member> before = members(LOBBY);
    await(store.put(LOBBY, BOB));
    assertEquals(List.of(ANN), before);
  }
}
