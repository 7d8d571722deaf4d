package io.switchboard;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;

/** The directions of src/docs/architecture.md. */
@AnalyzeClasses(packages = "io.switchboard", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "io.switchboard.";

  @ArchTest static final ArchRule channel = mayUse("channel");
  @ArchTest static final ArchRule concurrent = mayUse("concurrent");
  @ArchTest static final ArchRule http = mayUse("http");
  @ArchTest static final ArchRule protocol = mayUse("protocol", "channel");
  @ArchTest static final ArchRule auth = mayUse("auth", "channel");
  @ArchTest static final ArchRule engine = mayUse("engine", "channel");

  @ArchTest
  static final ArchRule memory = mayUse("engine.memory", "engine", "channel", "concurrent");

  @ArchTest static final ArchRule session = mayUse("session", "protocol", "auth", "channel");

  @ArchTest
  static final ArchRule hub =
      mayUse("hub", "session", "engine", "protocol", "channel", "concurrent");

  @ArchTest
  static final ArchRule command =
      mayUse("command", "hub", "session", "engine", "auth", "protocol", "channel");

  @ArchTest
  static final ArchRule websocket =
      mayUse("transport.websocket", "session", "auth", "protocol", "channel", "http");

  @ArchTest
  static final ArchRule api =
      mayUse("api", "hub", "session", "engine", "auth", "protocol", "channel", "http");

  @ArchTest static final ArchRule ops = mayUse("ops", "hub", "session", "engine", "http");

  @ArchTest
  static final ArchRule nobodySeesBoot =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "boot..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + "boot..");

  @ArchTest
  static final ArchRule noCycles = slices().matching(ROOT + "(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule webSocketsStayInTheirTransport =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "transport.websocket")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jakarta.websocket..");

  @ArchTest
  static final ArchRule servletsStayAtTheEdge =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              ROOT + "transport..", ROOT + "api", ROOT + "ops", ROOT + "boot..", ROOT + "http")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jakarta.servlet..");

  @ArchTest
  static final ArchRule thePartsKnowNoCdi =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              ROOT + "transport..", ROOT + "api", ROOT + "ops", ROOT + "boot..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta.enterprise..", "jakarta.inject..");

  @ArchTest
  static final ArchRule timeThreadsAndChanceAreMadeInBoot =
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
          .areAssignableTo(Thread.class);

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
