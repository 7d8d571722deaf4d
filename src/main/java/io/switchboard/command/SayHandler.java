package io.switchboard.command;

import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.auth.ChannelPolicy.Verdict;
import io.switchboard.channel.Payload;
import io.switchboard.hub.Hub;
import io.switchboard.protocol.ChatCommand;
import io.switchboard.protocol.Refusal;
import io.switchboard.session.ClientSession;
import jakarta.json.JsonBuilderFactory;
import jakarta.json.spi.JsonProvider;
import java.util.Map;
import java.util.Optional;

/** Publishes what somebody says in a room. */
final class SayHandler implements Handler<ChatCommand.Say> {
  private final Hub hub;
  private final Permissions permissions;
  private final ChannelRates rates;
  private final JsonBuilderFactory objects = JsonProvider.provider().createBuilderFactory(Map.of());

  SayHandler(Hub hub, Permissions permissions, ChannelRates rates) {
    this.hub = hub;
    this.permissions = permissions;
    this.rates = rates;
  }

  @Override
  public void handle(ClientSession session, ChatCommand.Say say) {
    if (!session.isOn(say.room())) {
      CommandDispatcher.refuseNotJoined(session, say.room());
      return;
    }
    Verdict verdict = permissions.decide(session, Action.PUBLISH, say.room());
    Optional<Refusal> refusal =
        Refusals.of(verdict, "room").or(() -> rates.tooFast(session, verdict, say.room(), "room"));
    if (refusal.isPresent()) {
      session.refuse(refusal.get());
      return;
    }
    Payload data = Payload.of(objects.createObjectBuilder().add("text", say.text()).build());
    hub.publish(say.room(), session.info(say.room()), data, false)
        .whenComplete(
            (published, error) -> {
              if (error != null) {
                Refusals.unavailable(session, null, "text: it was not published", error);
              }
            });
  }
}
