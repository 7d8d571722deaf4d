package io.switchboard.wire;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The description of the server API, as a client reads it, and answers held to it. */
final class OpenApi {
  private static final String IRI = "https://switchboard.test/openapi.json";

  private final JsonNode document;
  private final SchemaRegistry schemas;

  /** A method on a path. */
  record Operation(String path, String method, JsonNode node, String pointer) {}

  /** A request: {@code body} is empty where it has none. */
  record Example(String name, Optional<String> body, int status) {}

  OpenApi(String yaml) {
    this.document = new YAMLMapper().readTree(yaml);
    this.schemas =
        SchemaRegistry.withDefaultDialect(
            Dialects.getOpenApi31(), builder -> builder.schemas(Map.of(IRI, document.toString())));
  }

  String version() {
    return document.path("openapi").asString();
  }

  List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    document
        .path("paths")
        .forEachEntry(
            (path, methods) ->
                methods.forEachEntry(
                    (method, node) -> {
                      if (!method.equals("parameters")) {
                        operations.add(
                            new Operation(
                                path,
                                method.toUpperCase(Locale.ROOT),
                                node,
                                "/paths/" + escaped(path) + "/" + method));
                      }
                    }));
    return operations;
  }

  /** Whether it needs the key. */
  boolean needsKey(Operation operation) {
    return !operation.node().has("security") || !operation.node().get("security").isEmpty();
  }

  /** The path with its names and its query filled in, {@code given} first, then the examples. */
  String target(Operation operation, Map<String, String> given) {
    String path = operation.path();
    StringBuilder query = new StringBuilder();
    List<JsonNode> parameters = new ArrayList<>();
    document.path("paths").path(operation.path()).path("parameters").forEach(parameters::add);
    operation.node().path("parameters").forEach(parameters::add);
    for (JsonNode reference : parameters) {
      JsonNode parameter = resolved(reference);
      String name = parameter.path("name").asString();
      String value =
          given.getOrDefault(
              name, parameter.path("example").isMissingNode() ? "" : text(parameter));
      if (parameter.path("in").asString().equals("path")) {
        path = path.replace("{" + name + "}", value);
      } else if (!value.isEmpty()) {
        query.append(query.isEmpty() ? "?" : "&").append(name).append('=').append(value);
      }
    }
    return path + query;
  }

  private static String text(JsonNode parameter) {
    JsonNode example = parameter.path("example");
    return example.isString() ? example.asString() : example.toString();
  }

  /** The example requests; one without a body that succeeds where the document gives none. */
  List<Example> examples(Operation operation) {
    List<Example> examples = new ArrayList<>();
    JsonNode body = operation.node().path("requestBody");
    body.path("content")
        .path("application/json")
        .path("examples")
        .forEachEntry(
            (name, example) ->
                examples.add(
                    new Example(
                        name,
                        Optional.of(example.path("value").toString()),
                        example.path("x-status").asInt())));
    if (!body.path("required").asBoolean(false)) {
      examples.add(new Example("bare", Optional.empty(), success(operation)));
    }
    return examples;
  }

  private static int success(Operation operation) {
    return operation.node().path("responses").propertyNames().stream()
        .mapToInt(Integer::parseInt)
        .filter(status -> status < 300)
        .findFirst()
        .orElseThrow();
  }

  /** Holds the body of a request to its schema. */
  List<String> mistakesInRequest(Operation operation, String body) {
    return mistakes(operation.pointer() + "/requestBody/content/application~1json/schema", body);
  }

  /** Holds an answer to what the document says of its status; an empty list is good. */
  List<String> mistakes(Operation operation, HttpReply reply) {
    String key = Integer.toString(reply.status());
    JsonNode response = operation.node().path("responses").path(key);
    if (response.isMissingNode()) {
      return List.of("the document does not know the status " + key);
    }
    String pointer =
        response.has("$ref")
            ? response.get("$ref").asString().substring(1)
            : operation.pointer() + "/responses/" + key;
    JsonNode content = resolved(response).path("content");
    if (content.isMissingNode()) {
      return reply.body().isEmpty() ? List.of() : List.of("a body was not expected");
    }
    String type = reply.header("Content-Type").orElse("").split(";", 2)[0].strip();
    if (!content.has(type)) {
      return List.of("the document does not know the media type " + type);
    }
    if (!type.endsWith("json")) {
      return List.of();
    }
    return mistakes(pointer + "/content/" + escaped(type) + "/schema", reply.body());
  }

  private List<String> mistakes(String pointer, String json) {
    return schemas
        .getSchema(SchemaLocation.of(IRI + "#" + pointer))
        .validate(json, InputFormat.JSON)
        .stream()
        .map(Error::toString)
        .toList();
  }

  /** Every method of every path that is described. */
  Map<String, List<String>> methods() {
    Map<String, List<String>> methods = new TreeMap<>();
    operations()
        .forEach(
            operation ->
                methods
                    .computeIfAbsent(operation.path(), path -> new ArrayList<>())
                    .add(operation.method()));
    return methods;
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asString().substring(1)) : node;
  }

  private static String escaped(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }
}
