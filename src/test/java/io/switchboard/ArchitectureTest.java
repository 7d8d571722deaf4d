package io.switchboard;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** The directions of src/docs/architecture.md. */
class ArchitectureTest {
  private static final String ROOT = "io.switchboard.";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.switchboard");

  @Test
  void thereIsSomethingToLookAt() {
    assertTrue(CLASSES.size() > 100, () -> CLASSES.size() + " classes");
  }

  @Test
  void channel() {
    mayUse("channel").check(CLASSES);
  }

  @Test
  void concurrent() {
    mayUse("concurrent").check(CLASSES);
  }

  @Test
  void http() {
    mayUse("http").check(CLASSES);
  }

  @Test
  void protocol() {
    mayUse("protocol", "channel").check(CLASSES);
  }

  @Test
  void auth() {
    mayUse("auth", "channel").check(CLASSES);
  }

  @Test
  void jwt() {
    mayUse("auth.jwt", "auth", "channel").check(CLASSES);
  }

  @Test
  void nimbusStaysWithTheTokens() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "auth.jwt")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.nimbusds..")
        .check(CLASSES);
  }

  @Test
  void event() {
    mayUse("event", "channel").check(CLASSES);
  }

  @Test
  void engine() {
    mayUse("engine", "channel").check(CLASSES);
  }

  @Test
  void memory() {
    mayUse("engine.memory", "engine", "channel", "concurrent").check(CLASSES);
  }

  @Test
  void jdbc() {
    mayUse("engine.jdbc", "engine", "channel", "concurrent").check(CLASSES);
  }

  @Test
  void session() {
    mayUse("session", "protocol", "auth", "channel", "concurrent").check(CLASSES);
  }

  @Test
  void hub() {
    mayUse("hub", "session", "engine", "event", "protocol", "channel", "concurrent").check(CLASSES);
  }

  @Test
  void command() {
    mayUse("command", "hub", "session", "engine", "auth", "protocol", "channel").check(CLASSES);
  }

  @Test
  void admission() {
    mayUse("admission", "session", "auth", "channel", "http").check(CLASSES);
  }

  @Test
  void websocket() {
    mayUse("transport.websocket", "admission", "session", "auth", "protocol", "channel", "http")
        .check(CLASSES);
  }

  @Test
  void overHttp() {
    mayUse(
            "transport.http",
            "admission",
            "session",
            "auth",
            "protocol",
            "channel",
            "http",
            "concurrent")
        .check(CLASSES);
  }

  @Test
  void api() {
    mayUse("api", "admission", "hub", "session", "engine", "auth", "protocol", "channel", "http")
        .check(CLASSES);
  }

  @Test
  void ops() {
    mayUse("ops", "hub", "session", "engine", "protocol", "auth", "admission", "channel", "http")
        .check(CLASSES);
  }

  @Test
  void metrics() {
    mayUse(
            "ops.metrics",
            "ops",
            "api",
            "admission",
            "hub",
            "session",
            "engine",
            "protocol",
            "channel",
            "http")
        .check(CLASSES);
  }

  @Test
  void trace() {
    mayUse("ops.trace", "hub", "channel").check(CLASSES);
  }

  @Test
  void metersStayInOps() {
    onlyIn("ops.metrics", "io.micrometer..", "io.prometheus..").check(CLASSES);
  }

  @Test
  void tracersStayInOps() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "ops.trace", ROOT + "boot")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.opentelemetry..")
        .check(CLASSES);
  }

  private static ArchRule onlyIn(String room, String... libraries) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + room)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries);
  }

  @Test
  void lab() {
    mayUse("lab", "hub", "session", "engine", "admission", "protocol", "channel", "http")
        .check(CLASSES);
  }

  @Test
  void nobodySeesBoot() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "boot..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "boot..")
        .check(CLASSES);
  }

  @Test
  void noCycles() {
    slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void webSocketsStayInTheirTransport() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "transport.websocket")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jakarta.websocket..")
        .check(CLASSES);
  }

  @Test
  void servletsStayAtTheEdge() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            ROOT + "transport..",
            ROOT + "admission",
            ROOT + "api",
            ROOT + "lab",
            ROOT + "ops..",
            ROOT + "boot..",
            ROOT + "http")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jakarta.servlet..")
        .check(CLASSES);
  }

  @Test
  void thePartsKnowNoCdi() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            ROOT + "transport..", ROOT + "api", ROOT + "lab", ROOT + "ops..", ROOT + "boot..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jakarta.enterprise..", "jakarta.inject..")
        .check(CLASSES);
  }

  @Test
  void timeThreadsAndChanceAreMadeInBoot() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "boot..")
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(Clock.class, "systemDefaultZone")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(UUID.class, "randomUUID")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Executors.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Random.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Thread.class)
        .check(CLASSES);
  }

  private static ArchRule mayUse(String from, String... others) {
    List<String> allowed = new ArrayList<>();
    allowed.add(ROOT + from);
    for (String other : others) {
      allowed.add(ROOT + other);
    }
    return classes()
        .that()
        .resideInAPackage(ROOT + from)
        .should()
        .onlyDependOnClassesThat(
            com.tngtech.archunit.base.DescribedPredicate.describe(
                "are in " + allowed + " or not ours",
                type ->
                    !type.getPackageName().startsWith("io.switchboard")
                        || allowed.contains(type.getPackageName())));
  }
}
