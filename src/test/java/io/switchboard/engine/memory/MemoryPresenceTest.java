package io.switchboard.engine.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.ClientInfo;
import io.switchboard.channel.Member;
import io.switchboard.engine.PresenceStore;
import io.switchboard.engine.PresenceStoreContractTest;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MemoryPresenceTest extends PresenceStoreContractTest {
  @Override
  protected PresenceStore open() {
    return new MemoryPresence();
  }

  @Test
  void aChannelThatNobodyIsOnTakesNoRoom() {
    MemoryPresence presence = new MemoryPresence();
    for (int i = 0; i < 100; i++) {
      ChannelName channel = ChannelName.room("r" + i);
      var unused =
          presence.put(channel, new Member(new ClientInfo("s", "ann", null), Instant.EPOCH));
      assertEquals(1, presence.channelCount());
      var unusedToo = presence.remove(channel, "s");
    }
    assertEquals(0, presence.channelCount());
  }
}
