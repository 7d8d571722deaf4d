package io.switchboard.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1Probe;
import io.kubernetes.client.openapi.models.V1Service;
import io.switchboard.ops.HealthServlet;
import jakarta.servlet.annotation.WebServlet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** {@code src/docs/kubernetes/deployment.yaml}: every field exists, and fits Switchboard. */
class KubernetesTest {
  private static final Path EXAMPLE = Path.of("src/docs/kubernetes/deployment.yaml");

  /** How a document is checked: throws where a field is unknown, missing or of another type. */
  private interface Check {
    void hold(JsonElement document) throws IOException;
  }

  private static final Map<String, Check> CHECKS =
      Map.of(
          "apps/v1 Deployment", V1Deployment::validateJsonElement,
          "v1 Service", V1Service::validateJsonElement,
          "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
          "networking.k8s.io/v1 Ingress", V1Ingress::validateJsonElement);

  private static List<JsonNode> documents() throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    try (MappingIterator<JsonNode> all =
        new YAMLMapper().readerFor(JsonNode.class).readValues(Files.readString(EXAMPLE))) {
      all.forEachRemaining(documents::add);
    }
    return documents;
  }

  private static String kind(JsonNode document) {
    return document.get("apiVersion").asString() + " " + document.get("kind").asString();
  }

  private static void check(String kind, String json) throws IOException {
    Optional.ofNullable(CHECKS.get(kind)).orElseThrow().hold(JsonParser.parseString(json));
  }

  private static String deployment() throws IOException {
    return documents().get(0).toString();
  }

  private static V1PodSpec pod() throws IOException {
    V1Deployment deployment = JSON.getGson().fromJson(deployment(), V1Deployment.class);
    return Optional.ofNullable(deployment.getSpec().getTemplate().getSpec()).orElseThrow();
  }

  private static V1Container container() throws IOException {
    return pod().getContainers().get(0);
  }

  private static String setting(String name) throws IOException {
    return container().getEnv().stream()
        .filter(variable -> variable.getName().equals(name))
        .map(V1EnvVar::getValue)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void everyDocumentFitsTheSchema() throws IOException {
    List<JsonNode> documents = documents();
    assertEquals(
        CHECKS.keySet(), documents.stream().map(KubernetesTest::kind).collect(Collectors.toSet()));
    for (JsonNode document : documents) {
      check(kind(document), document.toString());
    }
  }

  @Test
  void aWrongFieldDoesNotFit() throws IOException {
    for (String right :
        List.of(
            "\"maxSurge\"",
            "\"readOnlyRootFilesystem\"",
            "\"preStop\"",
            "\"secretKeyRef\"",
            "\"httpGet\"")) {
      String wrong = deployment().replaceFirst(right, "\"wrong\"");
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class, () -> check("apps/v1 Deployment", wrong), right);
      assertTrue(String.valueOf(e.getMessage()).contains("wrong"), e::getMessage);
    }
  }

  @Test
  void probesAskWhatTheServerAnswers() throws IOException {
    Set<String> served = Set.of(HealthServlet.class.getAnnotation(WebServlet.class).urlPatterns());
    V1Container container = container();
    for (V1Probe probe :
        List.of(
            container.getStartupProbe(),
            container.getLivenessProbe(),
            container.getReadinessProbe())) {
      String path = probe.getHttpGet().getPath();
      assertTrue(served.contains(path), path);
    }
    assertEquals("/health/started", container.getStartupProbe().getHttpGet().getPath());
    assertEquals("/health/live", container.getLivenessProbe().getHttpGet().getPath());
    assertEquals("/health/ready", container.getReadinessProbe().getHttpGet().getPath());
  }

  @Test
  void settingsHaveTheirNames() throws IOException {
    Set<String> known =
        Pattern.compile("`(switchboard\\.[a-z.-]+)`")
            .matcher(Files.readString(Path.of("README.md")))
            .results()
            .map(
                (MatchResult found) ->
                    found.group(1).toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"))
            .collect(Collectors.toSet());
    for (V1EnvVar variable : container().getEnv()) {
      assertTrue(known.contains(variable.getName()), variable.getName());
    }
  }

  @Test
  void thereIsTimeToDrain() throws IOException {
    Duration timeout =
        Duration.parse("PT" + setting("SWITCHBOARD_DRAIN_TIMEOUT").toUpperCase(Locale.ROOT));
    Duration window =
        Duration.parse("PT" + setting("SWITCHBOARD_DRAIN_WINDOW").toUpperCase(Locale.ROOT));
    String command =
        String.join(" ", container().getLifecycle().getPreStop().getExec().getCommand());
    long pause = pause(command);
    assertTrue(window.toSeconds() < pause, "the window is over before the signal comes");
    long grace = pod().getTerminationGracePeriodSeconds();
    assertTrue(grace >= pause + timeout.toSeconds() + 10, "and then it may stop in peace");
    assertTrue(command.contains("POST /api/drain "), command);
    // What is folded by YAML must still be what HTTP wants.
    assertTrue(command.contains("Authorization: Bearer %s\\r\\nContent-Length: 0\\r\\n"), command);
  }

  private static long pause(String command) {
    return Pattern.compile("; sleep (\\d+)$")
        .matcher(command)
        .results()
        .map(found -> Long.parseLong(found.group(1)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theContainerMayDoNoMoreThanItMust() throws IOException {
    assertEquals(true, pod().getSecurityContext().getRunAsNonRoot());
    var security = container().getSecurityContext();
    assertEquals(true, security.getReadOnlyRootFilesystem());
    assertEquals(false, security.getAllowPrivilegeEscalation());
    assertEquals(List.of("ALL"), security.getCapabilities().getDrop());
    String image = Files.readString(Path.of("Dockerfile"));
    assertTrue(image.contains("USER " + pod().getSecurityContext().getRunAsUser() + ":"), "USER");
    Set<String> written = Set.of("/tmp", "/var/lib/switchboard");
    assertEquals(
        written,
        container().getVolumeMounts().stream()
            .map(m -> m.getMountPath())
            .collect(Collectors.toSet()));
    assertTrue(image.contains("SWITCHBOARD_HOME=/var/lib/switchboard"), "home");
  }
}
