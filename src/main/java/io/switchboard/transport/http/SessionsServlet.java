package io.switchboard.transport.http;

import io.switchboard.admission.Gatekeeper;
import io.switchboard.admission.Shown;
import io.switchboard.auth.Pass;
import io.switchboard.channel.Text;
import io.switchboard.http.BodyReader;
import io.switchboard.http.Percent;
import io.switchboard.http.Problem;
import io.switchboard.http.Refusals;
import io.switchboard.http.RequestSettings;
import io.switchboard.protocol.CloseCode;
import io.switchboard.protocol.Disconnect;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.HandshakeRecord;
import io.switchboard.protocol.Input;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.SuperchatCommand;
import io.switchboard.session.Answer;
import io.switchboard.session.SessionSettings;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code superchat} without a WebSocket: a session is begun, asked and ended by requests, and
 * listened to by a stream or by polls.
 *
 * <p>No request waits on a thread: bodies are read and answers written as they come.
 */
@WebServlet(
    urlPatterns = {"/chat/sessions", "/chat/sessions/*"},
    asyncSupported = true)
public class SessionsServlet extends HttpServlet {
  private static final long serialVersionUID = 1;
  private static final Logger LOG = System.getLogger(SessionsServlet.class.getName());

  /** How long a poll waits at most, and where it does not say. */
  private static final long MAX_WAIT_SECONDS = 30;

  private static final long DEFAULT_WAIT_SECONDS = 25;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private static final String BEARER = "Bearer ";
  private static final int MAX_SHOWN = 256;
  private static final List<String> SHOWN = List.of("Host", "Origin", "User-Agent");

  @Inject private transient Gatekeeper gatekeeper;
  @Inject private transient HttpSessions sessions;
  @Inject private transient SessionSettings settings;
  @Inject private transient RequestSettings requests;

  static Problem gone() {
    return Problem.of(410, "Gone", "this session has ended, begin another one");
  }

  static Problem replaced() {
    return Problem.of(409, "Conflict", "another request listens to this session now");
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Optional<Problem> foreign = gatekeeper.foreign(request);
    if (foreign.isPresent()) {
      gatekeeper.refused(foreign.get());
      refuse(request, response, foreign.get());
      return;
    }
    Cors.allow(request, response);
    String base = request.getContextPath() + request.getServletPath();
    String uri = request.getRequestURI();
    String[] path = uri.substring(Math.min(base.length(), uri.length())).split("/", -1);
    if (request.getMethod().equals("OPTIONS")) {
      Cors.preflight(response);
      return;
    }
    try {
      switch (path.length) {
        case 1 -> open(request);
        case 2 -> session(request, response, path[1]);
        case 3 -> listen(request, response, path[1], path[2]);
        default -> throw new Refused(notFound());
      }
    } catch (Refused e) {
      refuse(request, response, e.problem);
    }
  }

  private void session(HttpServletRequest request, HttpServletResponse response, String id)
      throws Refused, IOException {
    switch (request.getMethod()) {
      case "POST" -> ask(request, connection(request, id));
      case "DELETE" -> {
        connection(request, id).leave();
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
      }
      default -> throw new Refused(notAllowed("POST, DELETE"));
    }
  }

  private void listen(
      HttpServletRequest request, HttpServletResponse response, String id, String how)
      throws Refused, IOException {
    if (!how.equals("events") && !how.equals("messages")) {
      throw new Refused(notFound());
    }
    if (!request.getMethod().equals("GET")) {
      throw new Refused(notAllowed("GET"));
    }
    HttpConnection connection = connection(request, id);
    connection.session().alive();
    if (how.equals("events")) {
      stream(request, response, connection);
    } else {
      poll(request, connection);
    }
  }

  // The beginning.

  private void open(HttpServletRequest request) throws Refused {
    if (!request.getMethod().equals("POST")) {
      throw new Refused(notAllowed("POST"));
    }
    requireJson(request);
    Optional<Problem> busy = gatekeeper.notNow(request); // before anything costly is looked at
    if (busy.isPresent()) {
      gatekeeper.refused(busy.get());
      throw new Refused(busy.get());
    }
    Shown shown = gatekeeper.credentials(request, List.of(), true);
    Optional<Problem> no = shown.refusal();
    if (no.isPresent()) {
      gatekeeper.refused(no.get());
      throw new Refused(no.get());
    }
    read(request, body -> begin(request, shown, body));
  }

  private CompletableFuture<WholeAnswer> begin(
      HttpServletRequest request, Shown shown, String body) {
    Input input = sessions.codec().decode(body);
    if (!(input instanceof SuperchatCommand.Connect)) {
      Refusal refusal =
          input instanceof Refusal bad
              ? bad
              : new Refusal(ErrorCode.BAD_REQUEST, "type: expected connect");
      return CompletableFuture.completedFuture(WholeAnswer.of(problem(refusal)));
    }
    Optional<Problem> full = gatekeeper.full(request); // others may have come while this was read
    if (full.isPresent()) {
      gatekeeper.refused(full.get());
      return CompletableFuture.completedFuture(WholeAnswer.of(full.get()));
    }
    Optional<Pass> pass = gatekeeper.admit(shown);
    if (pass.isEmpty()) {
      gatekeeper.refused(gatekeeper.tooLate());
      return CompletableFuture.completedFuture(WholeAnswer.of(gatekeeper.tooLate()));
    }
    HttpSessions.Opened opened =
        sessions.open(pass.get(), gatekeeper.address(request), record(request));
    opened.connection().session().counts().arrived(Text.utf8Length(body));
    String location =
        Percent.withoutParameters(request.getRequestURI())
            + "/"
            + opened.connection().session().id();
    return opened
        .connection()
        .session()
        .ask(input)
        .thenApply(answers -> connected(opened, answers, location));
  }

  private static WholeAnswer connected(
      HttpSessions.Opened opened, List<Answer> answers, String location) {
    if (answers.isEmpty()) { // it was closed at once, as a node does that goes down
      Optional<Disconnect> end = opened.connection().session().end();
      opened.connection().leave();
      if (end.isPresent() && end.get().code() == CloseCode.CONNECTION_LIMIT.number()) {
        return WholeAnswer.of(
            Problem.of(429, "Too many requests", end.get().reason())
                .header("Retry-After", Long.toString(Disconnect.LATER.toSeconds()))
                .member("code", ErrorCode.LIMIT_EXCEEDED.code()));
      }
      return WholeAnswer.of(
          Problem.of(503, "Unavailable", "this node is going down").header("Retry-After", "1"));
    }
    Answer answer = answers.get(0);
    if (answer.refusal().isPresent()) {
      opened.connection().leave();
      return WholeAnswer.of(problem(answer.refusal().get()));
    }
    String text = answer.frame().text();
    String withSecret =
        text.substring(0, text.length() - 1) + ",\"token\":\"" + opened.secret() + "\"}";
    return new WholeAnswer(
        HttpServletResponse.SC_CREATED,
        WholeAnswer.JSON,
        StandardCharsets.UTF_8.encode(withSecret),
        Map.of("Location", location));
  }

  private static Problem problem(Refusal refusal) {
    int status =
        switch (refusal.code()) {
          case UNAUTHENTICATED, TOKEN_EXPIRED -> 401;
          case FORBIDDEN -> 403;
          case RATE_LIMITED -> 429;
          case UNAVAILABLE -> 503;
          case INTERNAL -> 500;
          default -> 400;
        };
    Problem problem =
        Problem.of(status, "No session", refusal.message()).member("code", refusal.code().code());
    if (status == 401) {
      return problem.header("WWW-Authenticate", "Bearer");
    }
    return refusal.code().retry() ? problem.header("Retry-After", "1") : problem;
  }

  /** Writes down how the session was asked for. */
  private static HandshakeRecord record(HttpServletRequest request) {
    Map<String, String> asked = new LinkedHashMap<>();
    for (String name : SHOWN) {
      String value = request.getHeader(name);
      if (value != null) {
        asked.put(name, value.length() <= MAX_SHOWN ? value : value.substring(0, MAX_SHOWN) + "…");
      }
    }
    return new HandshakeRecord(
        "POST %s %s"
            .formatted(Percent.withoutParameters(request.getRequestURI()), request.getProtocol()),
        asked,
        Map.of());
  }

  // Commands.

  private void ask(HttpServletRequest request, HttpConnection connection) throws Refused {
    OptionalLong number = number(request, "n", 1);
    OptionalLong after = number(request, "after", 0);
    requireJson(request);
    if (connection.isOver()) {
      throw new Refused(gone());
    }
    connection.session().alive();
    if (after.isPresent()
        && connection.acknowledge(after.getAsLong()) == HttpConnection.Attached.AHEAD) {
      throw new Refused(ahead());
    }
    read(request, body -> connection.posts().take(number, () -> carryOut(connection, body)));
  }

  private CompletableFuture<WholeAnswer> carryOut(HttpConnection connection, String body) {
    boolean array = body.stripLeading().startsWith("[");
    connection.session().counts().arrived(Text.utf8Length(body));
    return connection
        .session()
        .ask(sessions.codec().decode(body))
        .thenApply(answers -> answered(connection, answers, array));
  }

  private static WholeAnswer answered(
      HttpConnection connection, List<Answer> answers, boolean array) {
    if (answers.isEmpty()) {
      return connection.session().hasEnded() ? WholeAnswer.of(gone()) : WholeAnswer.nothing();
    }
    if (!array) {
      return WholeAnswer.json(answers.get(0).frame().text());
    }
    StringBuilder text = new StringBuilder("[");
    String before = "";
    for (Answer answer : answers) {
      text.append(before).append(answer.frame().text());
      before = ",";
    }
    return WholeAnswer.json(text.append(']').toString());
  }

  // Listening.

  private void poll(HttpServletRequest request, HttpConnection connection) throws Refused {
    long after = after(connection, number(request, "after", 0));
    long wait = number(request, "wait", 0).orElse(DEFAULT_WAIT_SECONDS);
    if (wait > MAX_WAIT_SECONDS) {
      throw new Refused(badRequest("wait: expected at most " + MAX_WAIT_SECONDS + " seconds"));
    }
    long now = sessions.parts().nanos().getAsLong();
    AsyncContext async = request.startAsync();
    async.setTimeout(requests.timeout().toMillis() + wait * 1000);
    Poll poll = new Poll(connection, async, after, now + wait * NANOS_PER_SECOND);
    if (attach(connection, poll, async, wait == 0 ? "polling" : "longpoll", after)) {
      poll.beat(now);
    }
  }

  private void stream(
      HttpServletRequest request, HttpServletResponse response, HttpConnection connection)
      throws Refused, IOException {
    String lastEventId = request.getHeader("Last-Event-ID");
    long after =
        after(
            connection,
            lastEventId == null
                ? number(request, "after", 0)
                : OptionalLong.of(number("Last-Event-ID", lastEventId, 0)));
    AsyncContext async = request.startAsync();
    async.setTimeout(0);
    EventStream stream = new EventStream(connection, async, after);
    if (attach(connection, stream, async, "sse", after)) {
      stream.start(response);
    }
  }

  /** Returns where to go on: a request that came late must not lead back. */
  private static long after(HttpConnection connection, OptionalLong asked) {
    return Math.max(asked.orElseGet(connection::oldest), connection.acknowledged());
  }

  private static boolean attach(
      HttpConnection connection,
      Downstream downstream,
      AsyncContext async,
      String name,
      long after) {
    async.addListener(new Ended(downstream));
    HttpConnection.Attached attached = connection.attach(downstream, name, after);
    if (attached == HttpConnection.Attached.YES) {
      return true;
    }
    if (attached == HttpConnection.Attached.LOST) {
      connection
          .session()
          .close(Disconnect.of(CloseCode.LOSS_DETECTED, "what follows is no longer here"));
    }
    Problem problem = attached == HttpConnection.Attached.AHEAD ? ahead() : gone();
    WholeAnswer.of(problem).send(async, connection.parts().workers());
    return false;
  }

  // What requests have in common.

  private HttpConnection connection(HttpServletRequest request, String id) throws Refused {
    HttpConnection connection = sessions.find(id).orElseThrow(() -> new Refused(gone()));
    if (!connection.isSecret(secret(request))) {
      // Only wrong ones are turned away: others share the address.
      Optional<Problem> guessing = gatekeeper.wrongSecret(request);
      throw new Refused(
          guessing.orElseGet(
              () ->
                  Problem.of(
                          401,
                          "Unauthenticated",
                          "Authorization: expected Bearer and the session's token")
                      .header("WWW-Authenticate", "Bearer")));
    }
    return connection;
  }

  private static String secret(HttpServletRequest request) {
    String header = request.getHeader("Authorization");
    if (header != null) {
      return header.regionMatches(true, 0, BEARER, 0, BEARER.length())
          ? header.substring(BEARER.length()).strip()
          : "";
    }
    List<String> shown = Percent.parameters(request.getQueryString(), "session_token");
    return shown.size() == 1 ? shown.get(0) : "";
  }

  private AsyncContext start(HttpServletRequest request) {
    AsyncContext async = request.startAsync();
    async.setTimeout(requests.timeout().toMillis());
    async.addListener(new TooSlow(), request, async.getResponse());
    return async;
  }

  /** Reads the body, has it turned into an answer, and sends that. */
  private void read(
      HttpServletRequest request, Function<String, CompletableFuture<WholeAnswer>> work)
      throws Refused {
    Problem tooLong =
        Problem.of(
                413, "Too large", "a body holds at most %d bytes".formatted(settings.maxMessage()))
            .member("code", ErrorCode.TOO_LARGE.code())
            .header("Connection", "close");
    if (request.getContentLengthLong() > settings.maxMessage()) {
      throw new Refused(tooLong);
    }
    AsyncContext async = start(request);
    try {
      new BodyReader(
              request.getInputStream(),
              settings.maxMessage(),
              body -> answer(async, body, work),
              () -> WholeAnswer.of(tooLong).send(async, sessions.parts().workers()),
              error -> {
                LOG.log(Level.DEBUG, "a body did not come", error);
                giveUp(async, (HttpServletResponse) async.getResponse());
              })
          .start();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a body did not come", e);
      complete(async);
    }
  }

  private void answer(
      AsyncContext async, byte[] body, Function<String, CompletableFuture<WholeAnswer>> work) {
    CompletableFuture<WholeAnswer> answer;
    try {
      answer =
          work.apply(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
    } catch (CharacterCodingException e) {
      answer =
          CompletableFuture.completedFuture(
              WholeAnswer.of(
                  badRequest("expected UTF-8").member("code", ErrorCode.BAD_JSON.code())));
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    var unused =
        answer.whenComplete(
            (result, error) -> {
              if (error != null) {
                LOG.log(Level.ERROR, "a request failed", error);
              }
              (result == null
                      ? WholeAnswer.of(Problem.of(500, "Internal error", "the server failed"))
                      : result)
                  .send(async, sessions.parts().workers());
            });
  }

  private static void giveUp(AsyncContext async, @Nullable HttpServletResponse response) {
    if (response != null && !response.isCommitted()) {
      try {
        // Sent, not only set: GlassFish forgets the status of an answer that is only completed.
        Problem.of(408, "Request timeout", "the request took too long")
            .header("Connection", "close")
            .send(response);
      } catch (IOException | IllegalStateException e) { // it is being written, or nobody is there
        LOG.log(Level.DEBUG, "a request could not be given up politely", e);
      }
    }
    complete(async);
  }

  private static void complete(AsyncContext async) {
    try {
      async.complete();
    } catch (IllegalStateException e) { // the container was faster
      LOG.log(Level.TRACE, "a request had ended already", e);
    }
  }

  private static void requireJson(HttpServletRequest request) throws Refused {
    String type = Optional.ofNullable(request.getContentType()).orElse("");
    if (!type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(WholeAnswer.JSON)) {
      throw new Refused(
          Problem.of(415, "Unsupported media type", "Content-Type: expected application/json"));
    }
  }

  private static OptionalLong number(HttpServletRequest request, String name, long min)
      throws Refused {
    List<String> values = Percent.parameters(request.getQueryString(), name);
    if (values.isEmpty()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(number(name, String.join(",", values), min));
  }

  private static long number(String name, String value, long min) throws Refused {
    if (value.matches("\\d{1,18}") && Long.parseLong(value) >= min) {
      return Long.parseLong(value);
    }
    throw new Refused(badRequest("%s: expected a whole number from %d".formatted(name, min)));
  }

  private static Problem badRequest(String detail) {
    return Problem.of(400, "Bad request", detail);
  }

  private static Problem ahead() {
    return badRequest("after: no message of that number was sent");
  }

  private static Problem notFound() {
    return Problem.of(404, "Not found", "expected /chat/sessions[/{session}[/events|/messages]]");
  }

  private static Problem notAllowed(String allowed) {
    return Problem.of(405, "Method not allowed", "expected " + allowed).header("Allow", allowed);
  }

  private static void refuse(
      HttpServletRequest request, HttpServletResponse response, Problem problem)
      throws IOException {
    LOG.log(
        Level.DEBUG,
        () ->
            "a request from %s refused: %s"
                .formatted(request.getRemoteAddr(), Text.printable(problem.toString())));
    Refusals.send(request, response, problem);
  }

  /** A request that is answered with a problem. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Problem problem;

    Refused(Problem problem) {
      super(problem.detail(), null, false, false);
      this.problem = problem;
    }
  }

  /** Tells what listens that its container has ended it. */
  private record Ended(Downstream downstream) implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      downstream.ended();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      downstream.ended();
      complete(event.getAsyncContext());
    }

    @Override
    public void onError(AsyncEvent event) {
      downstream.ended();
      complete(event.getAsyncContext());
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}
  }

  /** Gives up a request whose body did not come, or whose answer was not taken. */
  private static final class TooSlow implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {}

    @Override
    public void onTimeout(AsyncEvent event) {
      giveUp(event.getAsyncContext(), (HttpServletResponse) event.getSuppliedResponse());
    }

    @Override
    public void onError(AsyncEvent event) {
      complete(event.getAsyncContext());
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}
  }
}
