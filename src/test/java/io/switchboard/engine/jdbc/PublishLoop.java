package io.switchboard.engine.jdbc;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Payload;
import io.switchboard.engine.Broker.Request;
import jakarta.json.Json;
import java.time.Clock;
import java.util.concurrent.Semaphore;

/** Publishes with 64 in flight until it is killed, and prints every offset it got an answer for. */
final class PublishLoop {
  private PublishLoop() {}

  public static void main(String[] args) throws InterruptedException {
    Engine engine =
        Engine.open(
            new JdbcSettings(args[0], "", "", 4, Engine.BACKLOG),
            Namespace.SHIPPED,
            Clock.systemUTC());
    Payload data = Payload.of(Json.createValue("x".repeat(128)));
    Semaphore inFlight = new Semaphore(64);
    while (true) {
      inFlight.acquire();
      engine
          .broker
          .publish(ChannelName.room("lobby"), new Request(null, data, null, false))
          .whenComplete(
              (published, failure) -> {
                inFlight.release();
                if (published != null) {
                  print(published.position().epoch() + " " + published.position().offset());
                }
              });
    }
  }

  private static void print(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
