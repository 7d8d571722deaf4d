package io.switchboard.api;

import io.switchboard.auth.Caller;
import io.switchboard.auth.Scope;
import io.switchboard.engine.Availability;
import io.switchboard.http.BodyReader;
import io.switchboard.http.Problem;
import io.switchboard.http.Refusals;
import io.switchboard.http.RequestSettings;
import io.switchboard.protocol.Json;
import io.switchboard.session.Limit;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The server API below {@code /api}: asks for the key, finds the {@link Route}, and sends what its
 * answer is once that is known.
 *
 * <p>The key is asked for before anything else is looked at, the description of the API excepted.
 */
@WebServlet(urlPatterns = "/api/*", asyncSupported = true)
public class ApiServlet extends HttpServlet {
  private static final long serialVersionUID = 1;
  private static final Logger LOG = System.getLogger(ApiServlet.class.getName());

  /** Who reads the description. */
  private static final Caller NOBODY = new Caller("nobody", Set.of());

  @Inject private transient Callers callers;

  /** Stands for calls that there are not, and those of callers who may not make any. */
  private static final String OTHER = "other";

  @Inject private transient Routes routes;
  @Inject private transient Json json;
  @Inject private transient ApiMeter meter;
  @Inject private transient RequestSettings requests;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String call = OTHER;
    try {
      // The container's own idea of the path is decoded already.
      String base = request.getContextPath() + request.getServletPath();
      String uri = request.getRequestURI();
      String path = uri.startsWith(base) ? uri.substring(base.length()) : uri;
      Caller caller = path.equals(Routes.DESCRIPTION) ? NOBODY : callers.caller(request);
      Router.Match match = routes.router().find(request.getMethod(), path);
      Callers.check(caller, match.route().needs());
      if (!caller.equals(NOBODY)) {
        LOG.log(
            match.route().needs().contains(Scope.ADMIN) ? Level.INFO : Level.DEBUG,
            () -> "%s: %s %s".formatted(caller.name(), request.getMethod(), path));
      }
      call = match.route().method() + " " + match.route().path();
      if (request.getContentLengthLong() > routes.maxBody()) {
        throw tooLong();
      }
      if (Refusals.hasBody(request)) {
        read(new Asked(call, request, caller, match), response);
      } else {
        Call asked = new Call(request, caller, match.names(), ByteBuffer.allocate(0), json);
        answer(call, request, response, match.route().answer().to(asked));
      }
    } catch (Refused e) {
      if (e.problem().status() == HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE) {
        callers.counts().hit(Limit.BODY_SIZE);
      }
      meter.answered(call, e.problem().status());
      Refusals.send(request, response, e.problem());
    }
  }

  /** A call whose body has not come. */
  private record Asked(
      String call, HttpServletRequest request, Caller caller, Router.Match match) {}

  private Refused tooLong() {
    // What is left unread must not be taken for the next request.
    return new Refused(
        Refused.tooLarge("the body holds at most %d bytes".formatted(routes.maxBody()))
            .problem()
            .header("Connection", "close"));
  }

  /** Has the call answered when its body has come, for which no thread waits. */
  private void read(Asked asked, HttpServletResponse response) throws IOException {
    LateAnswer answer = late(asked.call(), asked.request(), response);
    new BodyReader(
            asked.request().getInputStream(),
            routes.maxBody(),
            body -> answer(asked, body, answer),
            () -> {
              callers.counts().hit(Limit.BODY_SIZE);
              answer.send(tooLong().problem());
            },
            answer::giveUp)
        .start();
  }

  private LateAnswer late(String call, HttpServletRequest request, HttpServletResponse response) {
    AsyncContext async = request.startAsync();
    async.setTimeout(requests.timeout().toMillis());
    LateAnswer answer = new LateAnswer(async, response, status -> meter.answered(call, status));
    async.addListener(answer);
    return answer;
  }

  private void answer(Asked asked, byte[] body, LateAnswer answer) {
    try {
      Router.Match match = asked.match();
      Call call =
          new Call(asked.request(), asked.caller(), match.names(), ByteBuffer.wrap(body), json);
      answer(match.route().answer().to(call), answer);
    } catch (Refused e) {
      answer.send(e.problem());
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a call failed", e);
      answer.send(Problem.of(500, "Internal error", "the server failed"));
    }
  }

  private static void answer(CompletionStage<Reply> result, LateAnswer answer) {
    CompletableFuture<Reply> future = result.toCompletableFuture();
    if (future.isDone() && !future.isCompletedExceptionally()) {
      answer.send(future.join());
      return;
    }
    // Answered on a thread of the container: the engine's must not wait for a caller.
    var unused =
        future.whenComplete(
            (reply, error) -> {
              if (reply != null) {
                answer.sendLater(reply);
              } else {
                answer.sendLater(problem(error));
              }
            });
  }

  private void answer(
      String call,
      HttpServletRequest request,
      HttpServletResponse response,
      CompletionStage<Reply> result)
      throws IOException {
    CompletableFuture<Reply> future = result.toCompletableFuture();
    if (future.isDone() && !future.isCompletedExceptionally()) {
      meter.answered(call, future.join().status());
      future.join().send(response);
      return;
    }
    answer(result, late(call, request, response));
  }

  private static Problem problem(@Nullable Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    if (cause instanceof Refused refused) {
      return refused.problem();
    }
    if (!Availability.isRefusal(cause)) {
      LOG.log(Level.ERROR, "the engine failed", error);
    }
    return Refused.unavailable("the engine did not do it, try again");
  }
}
