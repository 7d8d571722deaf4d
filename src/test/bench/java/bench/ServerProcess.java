package bench;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A {@code java -jar switchboard.war} that can be killed and started again on the same home. */
final class ServerProcess implements AutoCloseable {
  private final List<String> command;
  private final Map<String, String> environment;
  private final File log;
  private final int port;
  private Process process;

  ServerProcess(String java, String war, int port, File log, Map<String, String> environment) {
    command =
        new ArrayList<>(
            List.of(java, "-jar", war, "--host", "127.0.0.1", "--port", String.valueOf(port)));
    this.port = port;
    this.log = log;
    this.environment = environment;
  }

  /** Starts it; returns at once. */
  void start() {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    builder.environment().putAll(environment);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until it takes connections. */
  void await() throws InterruptedException {
    for (int i = 0; i < 600; i++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        return;
      } catch (IOException e) {
        if (!process.isAlive()) {
          break;
        }
        Thread.sleep(100);
      }
    }
    throw new Broken("the server did not start, see " + log);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it as {@code kill -9} does: without a chance to say or save anything. */
  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (process != null && process.isAlive()) {
      kill();
    }
  }
}
