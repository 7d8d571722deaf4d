package io.switchboard.api;

import io.switchboard.engine.ControlBus.Outcome;
import io.switchboard.engine.Order;
import io.switchboard.protocol.Fields;
import io.switchboard.protocol.Fields.BadField;
import jakarta.json.JsonObject;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.util.function.Supplier;

/** What the calls that send an {@link Order} share. */
final class Orders {
  /** Any whole number of a code; which of them are accepted, the order says. */
  private static final int MAX_NUMBER = 1_000_000;

  private Orders() {}

  /** Why sessions are told to end. */
  record Why(int code, String reason) {
    static Why of(JsonObject object) throws Refused {
      Fields fields = new Fields(object);
      try {
        return new Why(
            fields
                .optionalLong("code", -MAX_NUMBER, MAX_NUMBER)
                .map(Long::intValue)
                .orElse(Order.KICKED),
            Orders.reason(fields));
      } catch (BadField e) {
        throw Refused.badRequest(String.valueOf(e.getMessage()));
      }
    }
  }

  /** Returns the reason that {@code fields} give. */
  static String reason(Fields fields) throws BadField {
    return fields.optionalString("reason").orElse(Order.NO_REASON);
  }

  /** The answer: for how many sessions it holds, and how many are at a limit. */
  @JsonbPropertyOrder({"sessions", "refused"})
  public record Answer(int sessions, int refused) {
    static Answer of(Outcome outcome) {
      return new Answer(outcome.sessions(), outcome.refused());
    }
  }

  /** Makes an order, which checks what it is made of. */
  static <O extends Order> O order(Supplier<O> maker) throws Refused {
    try {
      return maker.get();
    } catch (IllegalArgumentException e) {
      throw Refused.badRequest(String.valueOf(e.getMessage()));
    }
  }
}
