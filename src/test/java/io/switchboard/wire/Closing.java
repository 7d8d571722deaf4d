package io.switchboard.wire;

import jakarta.json.JsonObject;
import java.util.List;

/**
 * How the server ended a connection: the code and reason of its Close frame (1006 when none came),
 * and the messages it sent before.
 */
record Closing(int code, String reason, List<JsonObject> before) {
  Closing {
    before = List.copyOf(before);
  }
}
