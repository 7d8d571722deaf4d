package io.switchboard.engine.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Payload;
import io.switchboard.channel.Publication;
import io.switchboard.engine.Broker;
import io.switchboard.engine.BrokerContractTest;
import io.switchboard.engine.SplitBroker;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two brokers are one to everybody, and each keeps its own. */
class SplitBrokerTest extends BrokerContractTest {
  private final MemoryBroker durable = memory("e1");
  private final MemoryBroker passing = memory("e2");

  private MemoryBroker memory(String epoch) {
    return new MemoryBroker(
        NAMESPACES, new MemorySettings(10_000_000, 100), time, () -> epoch, Runnable::run);
  }

  @Override
  protected Broker open() {
    return new SplitBroker(NAMESPACES, durable, passing);
  }

  @Override
  protected void end() {}

  @Override
  protected void trim() {}

  @Test
  void aChannelIsKeptWhereItsNamespaceSays() {
    List<String> heard = new ArrayList<>();
    Broker both = open();
    both.listen(
        new Broker.Listener() {
          @Override
          public void published(ChannelName channel, Publication publication) {
            heard.add(channel.value());
          }

          @Override
          public boolean isListening(ChannelName channel) {
            return true;
          }
        });
    Broker.Request request = new Broker.Request(null, Payload.of(JsonValue.TRUE), null, false);
    List<String> epochs = new ArrayList<>();
    for (String name : List.of("room:a", "live:a")) {
      var unused =
          both.publish(new ChannelName(name), request)
              .thenAccept(published -> epochs.add(published.position().epoch()));
    }
    assertEquals(List.of("e1", "e2"), epochs);
    assertEquals(List.of("room:a", "live:a"), heard);
  }
}
