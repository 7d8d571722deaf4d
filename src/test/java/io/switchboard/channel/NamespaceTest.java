package io.switchboard.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.channel.Namespace.Deliver;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NamespaceTest {
  @Test
  void onlyWhatIsLiveDeliversTheLatest() {
    Map<String, Deliver> deliver =
        Namespace.SHIPPED.stream().collect(Collectors.toMap(Namespace::name, Namespace::deliver));
    assertEquals(
        Map.of(
            "room", Deliver.EVERY,
            "user", Deliver.EVERY,
            "push", Deliver.EVERY,
            "live", Deliver.LATEST),
        deliver);
  }
}
