package io.switchboard.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderTest {
  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1000, 1006, 3999, 4400, 5000})
  void codesOfOthersAreNotForApplications(int code) {
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class, () -> new Order.DisconnectUser("ann", code, ""));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.startsWith("code: expected 4000 to 4099 (do not come back)"), message);
  }

  @ParameterizedTest
  @CsvSource({"4000,false", "4004,false", "4099,false", "4100,true", "4201,true", "4399,true"})
  void theHundredsSayWhoComesBack(int code, boolean back) {
    assertEquals(code, new Order.DisconnectSession("s", code, "").code());
    assertEquals(back, Order.comesBack(code));
  }

  @Test
  void aReasonFitsACloseFrame() {
    String longest = "é".repeat(61) + "x";
    assertEquals(longest, new Order.DisconnectUser("ann", 4004, longest).reason());
    for (String reason : new String[] {longest + "x", "a\nb", "a\ud800"}) {
      IllegalArgumentException error =
          assertThrows(
              IllegalArgumentException.class, () -> new Order.DisconnectUser("ann", 4004, reason));
      assertTrue(String.valueOf(error.getMessage()).startsWith("reason: expected at most 123"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\u0007"})
  void aUserHasAChannel(String user) {
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class, () -> new Order.DisconnectUser(user, 4004, ""));
    assertTrue(String.valueOf(error.getMessage()).startsWith("user: "));
  }
}
