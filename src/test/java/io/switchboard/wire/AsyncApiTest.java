package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.switchboard.protocol.ChatCodec;
import io.switchboard.protocol.ChatCommand;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Input;
import io.switchboard.protocol.SuperchatCodec;
import io.switchboard.protocol.SuperchatCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The AsyncAPI document says what the server does: its examples are read by the decoders, and the
 * golden frames, which the encoders are held to, are what its schemas allow, to the last field.
 */
class AsyncApiTest {
  static final Path DOCUMENT = Path.of("src", "docs", "asyncapi.yaml");

  private static final JsonNode API = read();

  /** Every object of these schemas is closed: a field that it does not know is wrong. */
  private static final JsonNode COMPONENTS = closed(API.path("components").deepCopy());

  private static final Map<String, List<Golden.Example>> GOLDEN =
      Map.of("chat", Golden.all(), "superchat", Golden.superchat());
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7);
  private static final io.switchboard.protocol.Json JSON = new io.switchboard.protocol.Json();
  private static final ChatCodec CHAT = new ChatCodec(JSON);
  private static final SuperchatCodec SUPERCHAT = new SuperchatCodec(JSON);

  private static JsonNode read() {
    try {
      return YAMLMapper.shared().readTree(Files.readString(DOCUMENT));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + DOCUMENT, e);
    }
  }

  private static JsonNode closed(JsonNode schema) {
    if (schema instanceof ObjectNode object
        && object.path("properties").isObject()
        && object.path("type").asString("").equals("object")) {
      object.put("additionalProperties", false);
    }
    schema.forEach(AsyncApiTest::closed);
    return schema;
  }

  /** A message of the document; its name is {@code subprotocol.direction.type}. */
  private record Message(String name, JsonNode node) {
    boolean binary() {
      return node.has("headers");
    }

    boolean is(String subprotocol, Golden.Example example) {
      return name.startsWith(subprotocol + "." + example.direction() + ".")
          && binary() == example.binary().isPresent()
          && example.type().equals(object().at("/properties/type/const").asString());
    }

    /** The schema of the JSON object in it. */
    JsonNode object() {
      return node.path(binary() ? "headers" : "payload");
    }

    Schema schema() {
      ObjectNode root = JsonMapper.shared().createObjectNode();
      root.set("components", COMPONENTS);
      root.put("$ref", "#/components/messages/" + name + (binary() ? "/headers" : "/payload"));
      return SCHEMAS.getSchema(root);
    }

    List<JsonNode> examples() {
      List<JsonNode> examples = new ArrayList<>();
      node.path("examples").forEach(examples::add);
      return examples;
    }
  }

  private static Stream<Message> messages() {
    return API.path("components").path("messages").properties().stream()
        .map(entry -> new Message(entry.getKey(), entry.getValue()));
  }

  static Stream<Arguments> frames() {
    return GOLDEN.entrySet().stream()
        .flatMap(
            entry ->
                entry.getValue().stream().map(example -> Arguments.of(entry.getKey(), example)));
  }

  static Stream<Arguments> names() {
    return messages().map(message -> Arguments.of(message.name()));
  }

  private static Message message(String name) {
    return messages().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("frames")
  void everyGoldenFrameIsAllowed(String subprotocol, Golden.Example example) {
    List<Message> described = messages().filter(m -> m.is(subprotocol, example)).toList();
    assertEquals(1, described.size(), example::name);
    assertEquals(
        List.of(),
        described.get(0).schema().validate(JsonMapper.shared().readTree("" + example.frame())),
        example::name);
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyFieldThatIsDescribedIsInAGoldenFrame(String name) {
    Message message = message(name);
    Set<String> shown = new TreeSet<>();
    GOLDEN.forEach(
        (subprotocol, examples) ->
            examples.stream()
                .filter(example -> message.is(subprotocol, example))
                .forEach(example -> shown.addAll(example.frame().keySet())));
    assertEquals(new TreeSet<>(message.object().path("properties").propertyNames()), shown, name);
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyExampleIsUnderstoodOrSaid(String name) {
    Message message = message(name);
    assertFalse(message.examples().isEmpty(), name);
    for (JsonNode example : message.examples()) {
      JsonNode object = example.path(message.binary() ? "headers" : "payload");
      assertEquals(List.of(), message.schema().validate(object), name);
      if (name.contains(".client.")) {
        Input input = decode(message, example);
        Class<?> command = name.startsWith("chat.") ? ChatCommand.class : SuperchatCommand.class;
        assertTrue(command.isInstance(input), () -> name + " is " + input);
      } else if (name.startsWith("chat.")) {
        Golden.assertFromServer(JSON.read(object.toString()).asJsonObject());
      } else {
        Golden.superchatShapes(JSON.read(object.toString()).asJsonObject(), message.binary());
      }
    }
  }

  private static Input decode(Message message, JsonNode example) {
    if (message.binary()) {
      byte[] header = example.path("headers").toString().getBytes(StandardCharsets.UTF_8);
      byte[] payload = Base64.getDecoder().decode(example.path("payload").asString());
      return SUPERCHAT.decode(
          ByteBuffer.allocate(4 + header.length + payload.length)
              .putInt(header.length)
              .put(header)
              .put(payload)
              .flip());
    }
    String text = example.path("payload").toString();
    return message.name().startsWith("chat.") ? CHAT.decode(text) : SUPERCHAT.decode(text);
  }

  @Test
  void everyMessageIsOnItsChannelAndInAnOperation() {
    Set<String> all = messages().map(Message::name).collect(Collectors.toCollection(TreeSet::new));
    Set<String> onChannels = new TreeSet<>();
    API.path("channels")
        .properties()
        .forEach(
            channel ->
                channel
                    .getValue()
                    .path("messages")
                    .properties()
                    .forEach(
                        one -> {
                          String name = channel.getKey() + "." + one.getKey();
                          assertEquals(
                              "#/components/messages/" + name,
                              one.getValue().path("$ref").asString());
                          onChannels.add(name);
                        }));
    assertEquals(all, onChannels);
    Set<String> used = new TreeSet<>();
    for (JsonNode operation : API.path("operations")) {
      boolean received = operation.path("action").asString().equals("receive");
      for (JsonNode one : operation.path("messages")) {
        String name = nameOf(one);
        assertTrue(name.contains(received ? ".client." : ".server."), name);
        used.add(name);
      }
      operation.path("reply").path("messages").forEach(one -> used.add(nameOf(one)));
    }
    assertEquals(all, used);
  }

  private static String nameOf(JsonNode reference) {
    String pointer = reference.path("$ref").asString().substring(1);
    assertTrue(API.at(pointer).has("$ref"), () -> pointer + " leads nowhere");
    return API.at(pointer).path("$ref").asString().substring("#/components/messages/".length());
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<String> lost = new ArrayList<>();
    API.findValues("$ref").stream()
        .map(JsonNode::asString)
        .filter(reference -> API.at(reference.substring(1)).isMissingNode())
        .forEach(lost::add);
    assertEquals(List.of(), lost);
  }

  @Test
  void everyErrorIsListed() {
    Set<String> listed = new TreeSet<>();
    API.at("/components/schemas/ErrorCode/enum").forEach(code -> listed.add(code.asString()));
    assertEquals(
        Arrays.stream(ErrorCode.values())
            .map(ErrorCode::code)
            .collect(Collectors.toCollection(TreeSet::new)),
        listed);
  }
}
