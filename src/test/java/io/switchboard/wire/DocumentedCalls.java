package io.switchboard.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The {@code curl} commands of a page, each with the answer that the page shows below it.
 *
 * <p>They are read here and not given to a shell, so that the build needs neither; an option that
 * is not known here fails.
 */
final class DocumentedCalls {

  /** A header of a command. */
  record Header(String name, String value) {}

  /** A command: {@code answer} is empty where the page shows none. */
  record Call(
      String url,
      String method,
      List<Header> headers,
      Optional<String> body,
      Optional<String> answer) {}

  private DocumentedCalls() {}

  /** Reads the page; {@code $API}, {@code $KEY} and {@code $JSON} are what its first block says. */
  static List<Call> in(Path page) throws IOException {
    List<Call> calls = new ArrayList<>();
    List<String> blocks = blocks(Files.readString(page));
    for (int i = 0; i < blocks.size(); i++) {
      String block = blocks.get(i);
      if (!block.startsWith("sh\n") || !block.contains("curl ")) {
        continue;
      }
      Optional<String> answer =
          i + 1 < blocks.size() && blocks.get(i + 1).matches("(?s)(json)?\n[\\[{].*")
              ? Optional.of(blocks.get(i + 1).replaceFirst("^(json)?\n", ""))
              : Optional.empty();
      for (String command : block.substring(3).replace("\\\n", " ").split("\n", -1)) {
        if (command.startsWith("curl ")) {
          calls.add(call(words(command), answer));
        }
      }
    }
    return calls;
  }

  /**
   * The fenced blocks, each with what stands behind its fence; text between them is a block too.
   */
  private static List<String> blocks(String page) {
    List<String> blocks = new ArrayList<>();
    String[] parts = page.split("(?m)^```", -1);
    for (int i = 0; i < parts.length; i++) {
      if (i % 2 == 1 || !parts[i].isBlank()) {
        blocks.add(parts[i]);
      }
    }
    return blocks;
  }

  private static Call call(List<String> words, Optional<String> answer) {
    String url = "";
    String method = "";
    List<Header> headers = new ArrayList<>();
    Optional<String> body = Optional.empty();
    for (int i = 1; i < words.size(); i++) {
      switch (words.get(i)) {
        case "-H" -> {
          String[] parts = words.get(++i).split(": ", 2);
          headers.add(new Header(parts[0], parts[1]));
        }
        case "-d" -> body = Optional.of(words.get(++i));
        case "-X" -> method = words.get(++i);
        default -> {
          if (words.get(i).startsWith("-") || !url.isEmpty()) {
            throw new AssertionError("not understood: " + words);
          }
          url = words.get(i);
        }
      }
    }
    if (method.isEmpty()) {
      method = body.isPresent() ? "POST" : "GET";
    }
    return new Call(url, method, headers, body, answer);
  }

  /** Splits a command as a shell does. */
  private static List<String> words(String command) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (char c : expanded(command).toCharArray()) {
      if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
        inWord = true;
      } else if (c == quote) {
        quote = 0;
      } else if (quote == 0 && c == ' ') {
        if (inWord) {
          words.add(word.toString());
        }
        word.setLength(0);
        inWord = false;
      } else {
        word.append(c);
        inWord = true;
      }
    }
    words.add(word.toString());
    return words;
  }

  private static String expanded(String command) {
    return command
        .replace("$API", "http://localhost:8080/api")
        .replace("$KEY", "Authorization: Bearer " + Api.generatedKey())
        .replace("$JSON", "Content-Type: application/json")
        .replace("$(cat ~/.switchboard/api-key)", Api.generatedKey());
  }
}
