package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The example in the documentation is the class that {@link PolicyAlternativeIT} deploys. */
class DocumentedPolicyTest {
  @Test
  void theDocumentedPolicyIsTheOneThatIsCompiledAndDeployed() throws IOException {
    String code =
        Files.readString(Path.of("src/test/java/io/switchboard/wire/HouseRules.java"))
            .replaceFirst("(?s)^package.*?;\\s+", "");
    String page = Files.readString(Path.of("src/docs/authorization.md"));
    assertTrue(page.contains("```java\n" + code + "```"), "authorization.md differs from\n" + code);
  }
}
