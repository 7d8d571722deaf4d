package io.switchboard.lab;

import io.switchboard.admission.Gatekeeper;
import io.switchboard.http.Percent;
import io.switchboard.http.Problem;
import io.switchboard.http.Refusals;
import io.switchboard.protocol.Json;
import io.switchboard.session.SessionRegistry;
import jakarta.inject.Inject;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * What {@code lab.html} asks: {@code /lab/info}, {@code /lab/time}, {@code /lab/seen}, and {@code
 * /lab/runs}, the streams. Answers 404 to everything where the lab is switched off.
 */
@WebServlet(urlPatterns = "/lab/*", asyncSupported = true)
public class LabServlet extends HttpServlet {
  private static final long serialVersionUID = 1;
  private static final int MAX_BODY = 1024;
  private static final int MAX_ASKED = 16;
  private static final String RUNS = "/runs";

  /** Where proxies say for whom they ask. */
  private static final List<String> FORWARDING =
      List.of(
          "Forwarded",
          "X-Forwarded-For",
          "X-Forwarded-Proto",
          "X-Forwarded-Host",
          "X-Forwarded-Port",
          "X-Real-IP",
          "Via");

  /** So many bodies are read at a time. */
  private static final int MAX_READING = 4;

  private final transient Semaphore reading = new Semaphore(MAX_READING);

  @Inject private transient Lab lab;
  @Inject private transient Gatekeeper gatekeeper;
  @Inject private transient SessionRegistry registry;
  @Inject private transient Json json;

  /** Something that is turned down. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Problem problem;

    Refused(Problem problem) {
      super(problem.detail(), null, false, false);
      this.problem = problem;
    }

    static Refused badRequest(String detail) {
      return new Refused(Problem.of(400, "Bad request", detail));
    }
  }

  /**
   * What the page may ask for, and what it must know to judge.
   *
   * @param interval from one heartbeat to the next, in seconds
   * @param timeout how long a peer may take to answer it, in seconds
   */
  public record Info(
      int runs,
      double minRate,
      double maxRate,
      int minSize,
      int maxSize,
      String measure,
      double interval,
      double timeout) {}

  /** A stream that has begun. */
  public record Started(String run, String channel, double rate, int size, Instant ends) {}

  /** The server's clock. */
  public record Time(long at) {}

  /**
   * What the server sees of the page's requests.
   *
   * @param address who the connection is with: the browser, or the proxy next to the server
   * @param client whose the request is, as far as proxies are believed; a network for IPv6
   * @param forwarding what proxies have put there
   */
  public record Seen(
      String server,
      String protocol,
      String scheme,
      String host,
      String address,
      String client,
      Map<String, String> forwarding) {}

  /** What a stream and those sessions that were asked about have come to, and when. */
  public record Counts(
      String run, long at, long published, int listeners, Instant ends, List<Count> sessions) {}

  /** What a session has come to; bytes and nanoseconds. */
  public record Count(String session, long requests, long received, long sent, long used) {}

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      if (!lab.isEnabled()) {
        throw new Refused(Problem.of(404, "No lab", "the lab is switched off: switchboard.lab"));
      }
      Optional<Problem> foreign = gatekeeper.foreign(request);
      if (foreign.isPresent()) {
        throw new Refused(foreign.get());
      }
      String path = Optional.ofNullable(request.getPathInfo()).orElse("");
      response.setHeader("Cache-Control", "no-store");
      switch (request.getMethod() + " " + (path.startsWith(RUNS + "/") ? RUNS + "/" : path)) {
        case "GET /info" ->
            send(
                response,
                200,
                new Info(
                    Lab.MAX_RUNS,
                    Lab.MIN_RATE,
                    Lab.MAX_RATE,
                    Lab.MIN_SIZE,
                    Lab.MAX_SIZE,
                    lab.measure(),
                    registry.heartbeat().interval().toMillis() / 1e3,
                    registry.heartbeat().timeout().toMillis() / 1e3));
        case "GET /time" -> send(response, 200, new Time(lab.micros()));
        case "GET /seen" -> send(response, 200, seen(request));
        case "POST /runs" -> start(request, response);
        case "GET /runs/" -> counts(request, response, run(path));
        case "DELETE /runs/" -> {
          lab.stop(run(path).id());
          response.setStatus(204);
        }
        default ->
            throw new Refused(
                Problem.of(
                    404,
                    "Not found",
                    "expected GET /lab/info, /lab/time, /lab/seen or /lab/runs/{run}, POST"
                        + " /lab/runs or DELETE /lab/runs/{run}"));
      }
    } catch (Refused e) {
      Refusals.send(request, response, e.problem);
    }
  }

  private Run run(String path) throws Refused {
    return lab.find(path.substring(RUNS.length() + 1))
        .orElseThrow(
            () ->
                new Refused(
                    Problem.of(404, "No such run", "run: expected the id of one that goes on")));
  }

  private Seen seen(HttpServletRequest request) {
    Map<String, String> forwarding = new LinkedHashMap<>();
    for (String name : FORWARDING) {
      List<String> values = Collections.list(request.getHeaders(name));
      if (!values.isEmpty()) {
        forwarding.put(name, String.join(", ", values));
      }
    }
    return new Seen(
        getServletContext().getServerInfo().split("/", 2)[0],
        request.getProtocol(),
        request.getScheme(),
        Optional.ofNullable(request.getHeader("Host")).orElse(""),
        request.getRemoteAddr(),
        gatekeeper.address(request),
        forwarding);
  }

  private void start(HttpServletRequest request, HttpServletResponse response)
      throws IOException, Refused {
    JsonObject wish = body(request);
    double rate = number(wish, "rate", Lab.MIN_RATE, Lab.MAX_RATE);
    double size = number(wish, "size", Lab.MIN_SIZE, Lab.MAX_SIZE);
    if (size != Math.rint(size)) {
      throw Refused.badRequest("size: expected a whole number of bytes");
    }
    Run run =
        lab.start(new Run.Wish(rate, (int) size))
            .orElseThrow(
                () ->
                    new Refused(
                        Problem.of(
                                503,
                                "The lab is full",
                                "%d streams run already, try again later".formatted(Lab.MAX_RUNS))
                            .header("Retry-After", "30")));
    send(response, 201, new Started(run.id(), run.channel().value(), rate, (int) size, run.ends()));
  }

  private void counts(HttpServletRequest request, HttpServletResponse response, Run run)
      throws IOException, Refused {
    List<String> asked = Percent.parameters(request.getQueryString(), "session");
    if (asked.size() > MAX_ASKED) {
      throw Refused.badRequest("session: expected at most %d of them".formatted(MAX_ASKED));
    }
    List<Count> counts = new ArrayList<>();
    for (String session : asked) {
      lab.traffic()
          .find(countedBy(session))
          .ifPresent(
              tally ->
                  counts.add(
                      new Count(
                          session,
                          tally.requests(),
                          tally.received(),
                          tally.sent(),
                          tally.used())));
    }
    send(
        response,
        200,
        new Counts(
            run.id(), lab.micros(), run.published(), lab.listeners(run), run.ends(), counts));
  }

  /** A WebSocket is counted by the key of its handshake. */
  private String countedBy(String session) {
    return registry
        .find(session)
        .map(found -> found.origin().handshake().requestHeaders().get("Sec-WebSocket-Key"))
        .orElse(session);
  }

  /** Reads a body, which may come slowly and holds a thread meanwhile: of few at a time. */
  private byte[] read(HttpServletRequest request) throws IOException, Refused {
    if (!reading.tryAcquire()) {
      throw new Refused(
          Problem.of(429, "Too many requests", "others are asking, try again")
              .header("Retry-After", "1")
              .header("Connection", "close"));
    }
    try {
      return request.getInputStream().readNBytes(MAX_BODY + 1);
    } finally {
      reading.release();
    }
  }

  private JsonObject body(HttpServletRequest request) throws IOException, Refused {
    String type = Optional.ofNullable(request.getContentType()).orElse("");
    if (!type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("application/json")) {
      throw new Refused(
          Problem.of(415, "Unsupported media type", "Content-Type: expected application/json"));
    }
    byte[] bytes = read(request);
    if (bytes.length > MAX_BODY) {
      throw new Refused(
          Problem.of(413, "Too large", "the body holds at most %d bytes".formatted(MAX_BODY))
              .header("Connection", "close"));
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (json.read(text) instanceof JsonObject object) {
        return object;
      }
    } catch (JsonException | CharacterCodingException e) {
      throw Refused.badRequest("expected one JSON object");
    }
    throw Refused.badRequest("expected one JSON object");
  }

  private static double number(JsonObject wish, String name, double low, double high)
      throws Refused {
    if (wish.get(name) instanceof JsonNumber number) {
      double value = number.doubleValue();
      if (value >= low && value <= high) {
        return value;
      }
    }
    throw Refused.badRequest(
        "%s: expected a number from %s to %s".formatted(name, words(low), words(high)));
  }

  private static String words(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  private void send(HttpServletResponse response, int status, Object record) throws IOException {
    byte[] body = json.write(record).getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.setContentType("application/json");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
