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
      if (caller != NOBODY) {
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
        answer(new Asked(call, request, caller, match), response);
      }
    } catch (Refused e) {
      if (e.problem().status() == HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE) {
        callers.counts().hit(Limit.BODY_SIZE);
      }
      meter.answered(call, e.problem().status());
      Refusals.send(request, response, e.problem());
    }
  }

  /** A call that its caller may make. */
  private record Asked(
      String call, HttpServletRequest request, Caller caller, Router.Match match) {}

  private Refused tooLong() {
    // What is left unread must not be taken for the next request.
    return new Refused(
        Refused.tooLarge("the body holds at most %d bytes".formatted(routes.maxBody()))
            .problem()
            .header("Connection", "close"));
  }

  private CompletionStage<Reply> carryOut(Asked asked, byte[] body) throws Refused {
    Router.Match match = asked.match();
    return match
        .route()
        .answer()
        .to(new Call(asked.request(), asked.caller(), match.names(), body, json));
  }

  /** Has the call answered when its body has come, for which no thread waits. */
  private void read(Asked asked, HttpServletResponse response) throws IOException {
    LateAnswer answer = later(asked, response);
    new BodyReader(
            asked.request().getInputStream(),
            routes.maxBody(),
            body -> answer(asked, body, answer),
            () -> {
              callers.counts().hit(Limit.BODY_SIZE);
              answer.send(counted(asked, tooLong().problem()));
            },
            answer::giveUp)
        .start();
  }

  private void answer(Asked asked, byte[] body, LateAnswer answer) {
    try {
      answer(asked, carryOut(asked, body), answer);
    } catch (Refused e) {
      answer.send(counted(asked, e.problem()));
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a call failed", e);
      answer.send(counted(asked, Problem.of(500, "Internal error", "the server failed")));
    }
  }

  /** Answers a call without a body, on its own thread if that is possible. */
  private void answer(Asked asked, HttpServletResponse response) throws Refused, IOException {
    CompletableFuture<Reply> future = carryOut(asked, new byte[0]).toCompletableFuture();
    if (future.isDone() && !future.isCompletedExceptionally()) {
      counted(asked, future.join()).to(response);
    } else {
      answer(asked, future, later(asked, response));
    }
  }

  private void answer(Asked asked, CompletionStage<Reply> result, LateAnswer answer) {
    CompletableFuture<Reply> future = result.toCompletableFuture();
    if (future.isDone() && !future.isCompletedExceptionally()) {
      answer.send(counted(asked, future.join()));
      return;
    }
    // Answered on a thread of the container: the engine's must not wait for a caller.
    var unused =
        future.whenComplete(
            (reply, error) ->
                answer.sendLater(
                    reply != null ? counted(asked, reply) : counted(asked, problem(error))));
  }

  private LateAnswer later(Asked asked, HttpServletResponse response) {
    AsyncContext async = asked.request().startAsync();
    async.setTimeout(requests.timeout().toMillis());
    LateAnswer answer = new LateAnswer(async, response);
    async.addListener(answer);
    return answer;
  }

  private LateAnswer.Sending counted(Asked asked, Reply reply) {
    return response -> {
      meter.answered(asked.call(), reply.status());
      reply.send(response);
    };
  }

  private LateAnswer.Sending counted(Asked asked, Problem problem) {
    return response -> {
      meter.answered(asked.call(), problem.status());
      problem.send(response);
    };
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
