package io.switchboard.api;

import io.switchboard.auth.ChannelPolicy;
import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.channel.ChannelName;
import io.switchboard.engine.Broker.Request;
import io.switchboard.engine.ControlBus;
import io.switchboard.engine.Order;
import io.switchboard.protocol.Fields;
import io.switchboard.protocol.Fields.BadField;
import io.switchboard.protocol.Json;
import jakarta.json.JsonObject;
import java.util.concurrent.CompletionStage;

/** {@code /users/{user}/…}: what is done to all sessions of a user. */
final class UsersResource {
  private final ControlBus bus;
  private final ChannelPolicy policy;
  private final Publications publications;
  private final Json json;

  UsersResource(ControlBus bus, ChannelPolicy policy, Publications publications, Json json) {
    this.bus = bus;
    this.policy = policy;
    this.publications = publications;
    this.json = json;
  }

  /** Publishes on the user's own channel. */
  CompletionStage<Reply> push(Call call) throws Refused {
    ChannelName channel;
    try {
      channel = ChannelName.user(call.name("user"));
    } catch (IllegalArgumentException e) {
      throw Refused.badRequest("user: " + e.getMessage());
    }
    Request request =
        publications.request(call, call.object(publications.maxData() + Call.ENVELOPE));
    return publications
        .publish(channel, request)
        .thenApply(
            published -> Reply.json(200, json.write(PublishResource.Answer.of(null, published))));
  }

  CompletionStage<Reply> disconnect(Call call) throws Refused {
    Orders.Why why = Orders.Why.of(call.optionalFields());
    return send(
        Orders.order(() -> new Order.DisconnectUser(call.name("user"), why.code(), why.reason())));
  }

  CompletionStage<Reply> subscribe(Call call) throws Refused {
    ChannelName channel = channel(call.fields());
    return send(Orders.order(() -> new Order.Subscribe(call.name("user"), channel)));
  }

  CompletionStage<Reply> unsubscribe(Call call) throws Refused {
    JsonObject fields = call.fields();
    ChannelName channel = channel(fields);
    Fields more = new Fields(fields);
    try {
      String reason = Orders.reason(more);
      boolean resubscribe = more.optionalBoolean("resubscribe").orElse(false);
      return send(
          Orders.order(
              () -> new Order.Unsubscribe(call.name("user"), channel, reason, resubscribe)));
    } catch (BadField e) {
      throw Refused.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private ChannelName channel(JsonObject fields) throws Refused {
    ChannelName channel = Publications.channel(fields);
    Publications.check(policy, Action.SUBSCRIBE, channel);
    return channel;
  }

  private CompletionStage<Reply> send(Order order) {
    return bus.send(order)
        .thenApply(outcome -> Reply.json(200, json.write(Orders.Answer.of(outcome))));
  }
}
