package io.switchboard.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.ClientInfo;
import io.switchboard.channel.Member;
import io.switchboard.channel.Payload;
import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The golden frames of {@code superchat} are what the codec writes and reads, to the last field,
 * and no shape is without one.
 */
class SuperchatGoldenTest {
  private static final ChannelName LOBBY = ChannelName.room("lobby");
  private static final ChannelName TICKS = new ChannelName("live:ticks");
  private static final Instant AT = Instant.parse("2026-11-20T09:15:07.533Z");
  private static final String EPOCH = "9c1f3a5e7b2d4860";
  private static final ClientInfo ANN =
      new ClientInfo("2e62755e61311474100e5f5913f3d642", "guest-7f3a", "Ann");
  private static final Payload BYTES = Payload.of(ByteBuffer.wrap(new byte[] {0, (byte) 255, 7}));

  private static final Json JSON = new Json();
  private static final SuperchatCodec CODEC = new SuperchatCodec(JSON);

  private static Map<String, JsonObject> golden(String direction) {
    URL folder = SuperchatGoldenTest.class.getResource("/wire/superchat");
    Map<String, JsonObject> found = new TreeMap<>();
    try (Stream<Path> files = Files.list(Path.of(Objects.requireNonNull(folder).toURI()))) {
      for (Path file : files.toList()) {
        JsonObject example = JSON.read(Files.readString(file)).asJsonObject();
        if (example.getString("direction").equals(direction)) {
          String name = String.valueOf(file.getFileName());
          found.put(name.substring(0, name.length() - ".json".length()), example);
        }
      }
    } catch (IOException | URISyntaxException e) {
      throw new AssertionError("the golden frames cannot be read", e);
    }
    return found;
  }

  private static Payload json(String text) {
    return Payload.of(JSON.read(text.replace('\'', '"')));
  }

  private static Frame published(ChannelName channel, long offset, Payload data, String key) {
    return CODEC.encode(new Push.Published(channel, new Publication(offset, AT, ANN, data, key)));
  }

  /** Has the codec write everything it can say. */
  private static Map<String, Frame> written() {
    StreamPosition top = new StreamPosition(EPOCH, 42);
    Publication hi = new Publication(42, AT, ANN, json("{'text':'hi'}"), "k-42");
    Publication before = new Publication(41, AT, ANN, BYTES, "scan-41");
    List<Member> members = List.of(new Member(ANN, AT));
    SubscriptionStart start =
        new SubscriptionStart(LOBBY, top, true, List.of(hi), null, OptionalLong.of(40));
    SubscriptionStart withMembers =
        new SubscriptionStart(LOBBY, top, true, List.of(before, hi), members, OptionalLong.of(40));
    Map<ChannelName, Object> starts = new LinkedHashMap<>();
    starts.put(LOBBY, start);
    starts.put(
        new ChannelName("nowhere:x"),
        new Refusal(
            ErrorCode.UNKNOWN_CHANNEL,
            "channel: expected one of the namespaces live, push, room, user"));
    Publication scan = new Publication(44, AT, ANN, BYTES, "scan-7");
    Map<String, Frame> frames = new HashMap<>();
    frames.put(
        "connected",
        CODEC.connected(
            1,
            ANN,
            "6f2c0b1d",
            Duration.ofSeconds(25),
            Instant.parse("2026-11-20T09:45:07.533Z"),
            new SuperchatCodec.Limits(65_536, 128, 200),
            starts));
    frames.put("subscribed", CODEC.subscribed(2, withMembers));
    frames.put("unsubscribed", CODEC.unsubscribed(3, LOBBY));
    frames.put(
        "unsubscribed-by-server",
        CODEC.encode(
            new Push.Unsubscribed(LOBBY, ErrorCode.FORBIDDEN, "the server took you off", false)));
    frames.put("published", CODEC.published(4, new StreamPosition(EPOCH, 43), AT, true));
    frames.put("published-ephemeral", CODEC.published(5, new StreamPosition(EPOCH, 0), AT, false));
    frames.put("history", CODEC.history(8, LOBBY, top, List.of(before, hi)));
    frames.put("presence", CODEC.presence(9, LOBBY, members));
    frames.put(
        "publication",
        published(LOBBY, 43, json("{'order':1204,'state':'paid'}"), "order-1204-paid"));
    frames.put("publication-ephemeral", published(TICKS, 0, json("{'price':7}"), "tick-7"));
    frames.put("publication-base64", CODEC.textOnly().encode(new Push.Published(LOBBY, scan)));
    frames.put("publication-binary", published(LOBBY, 44, BYTES, "scan-7"));
    frames.put("joined", CODEC.encode(new Push.Joined(LOBBY, ANN, AT)));
    frames.put("left", CODEC.encode(new Push.Left(LOBBY, ANN, AT)));
    frames.put("refreshed", CODEC.refreshed(10, AT.plusSeconds(3_600)));
    frames.put("expiring", CODEC.expiring(Duration.ofSeconds(30)).orElseThrow());
    frames.put("ping", CODEC.heartbeat().orElseThrow());
    frames.put("pong", CODEC.pong(11));
    frames.put("gap", CODEC.encode(new Push.Gap(TICKS, 5, 9)));
    frames.put(
        "error",
        CODEC.encode(
            new Refusal(
                ErrorCode.RATE_LIMITED,
                "at most 200 commands per second, 1000 at once",
                12L,
                Duration.ofMillis(6))));
    frames.put("bye", CODEC.encode(Disconnect.DRAINING));
    frames.put("drain", CODEC.drain(Disconnect.LATER, Duration.ofSeconds(10)).orElseThrow());
    return frames;
  }

  static Set<String> fromClient() {
    return golden("client").keySet();
  }

  static Set<String> fromServer() {
    Set<String> names = new TreeSet<>(golden("server").keySet());
    names.addAll(written().keySet());
    return names;
  }

  @ParameterizedTest
  @MethodSource("fromServer")
  void whatIsWrittenIsTheGoldenFrame(String name) {
    JsonObject example = golden("server").get(name);
    assertNotNull(example, "no golden frame");
    Frame frame = written().get(name);
    assertNotNull(frame, "never written");
    // The order of fields is for people, and is as it stands in the file.
    assertEquals(example.getJsonObject("frame").toString(), frame.readable());
    assertEquals(example.containsKey("binary"), frame.isBinary());
    assertEquals(binary(example), frame.binary());
  }

  private static @Nullable ByteBuffer binary(JsonObject example) {
    return example.containsKey("binary")
        ? ByteBuffer.wrap(Base64.getDecoder().decode(example.getString("binary")))
        : null;
  }

  private static Input read(JsonObject example) {
    ByteBuffer binary = binary(example);
    return binary == null
        ? CODEC.decode(example.getJsonObject("frame").toString())
        : CODEC.decode(binary);
  }

  @ParameterizedTest
  @MethodSource("fromClient")
  void whatAClientSaysIsRead(String name) {
    JsonObject example = Objects.requireNonNull(golden("client").get(name));
    Input input = assertInstanceOf(SuperchatCommand.class, read(example));
    JsonObject frame = example.getJsonObject("frame");
    assertEquals(
        frame.containsKey("id") ? frame.getJsonNumber("id").longValue() : null, input.re());
    if (input instanceof SuperchatCommand.Publish publish && name.startsWith("publish-b")) {
      assertEquals(BYTES, publish.data());
    }
  }

  @ParameterizedTest
  @MethodSource("fromClient")
  void aBinaryExampleIsItsHeaderAndItsPayload(String name) {
    JsonObject example = Objects.requireNonNull(golden("client").get(name));
    ByteBuffer binary = binary(example);
    if (binary != null) {
      byte[] header = new byte[binary.getInt()];
      binary.get(header);
      assertEquals(example.getJsonObject("frame"), JSON.read(new String(header, UTF_8)));
      assertEquals(
          ByteBuffer.wrap(Base64.getDecoder().decode(example.getString("payload"))), binary);
    }
  }

  @Test
  void everyCommandHasAGoldenFrame() {
    Set<Class<?>> read =
        golden("client").values().stream()
            .map(SuperchatGoldenTest::read)
            .map(Object::getClass)
            .collect(Collectors.toSet());
    assertEquals(Set.of(SuperchatCommand.class.getPermittedSubclasses()), read);
  }

  @Test
  void everyFieldOfEveryMessageIsInAGoldenFrame() {
    List<Set<String>> shapes =
        golden("server").values().stream()
            .map(example -> example.getJsonObject("frame").keySet())
            .toList();
    List<Class<?>> messages =
        new ArrayList<>(List.of(SuperchatMessage.class.getPermittedSubclasses()));
    messages.add(SuperchatMessage.Subscribed.class);
    for (Class<?> message : messages) {
      Set<String> fields =
          Arrays.stream(message.getRecordComponents())
              .map(RecordComponent::getName)
              .collect(Collectors.toSet());
      Set<String> shown = new HashSet<>();
      shapes.stream().filter(fields::containsAll).forEach(shown::addAll);
      assertEquals(fields, shown, message::toString);
    }
  }
}
