package io.switchboard.api;

import io.switchboard.auth.ApiKey;
import io.switchboard.engine.Availability;
import io.switchboard.http.BodyReader;
import io.switchboard.http.Problem;
import io.switchboard.http.Refusals;
import io.switchboard.http.RequestSettings;
import io.switchboard.protocol.Json;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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

  @Inject private transient ApiKey apiKey;
  @Inject private transient Routes routes;
  @Inject private transient Json json;
  @Inject private transient RequestSettings requests;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      // The container's own idea of the path is decoded already.
      String base = request.getContextPath() + request.getServletPath();
      String uri = request.getRequestURI();
      String path = uri.startsWith(base) ? uri.substring(base.length()) : uri;
      if (!path.equals(Routes.DESCRIPTION) && !apiKey.isIn(request.getHeader("Authorization"))) {
        throw new Refused(
            Problem.of(401, "Unauthenticated", "Authorization: expected Bearer and the API key")
                .header("WWW-Authenticate", "Bearer"));
      }
      Router.Match match = routes.router().find(request.getMethod(), path);
      if (request.getContentLengthLong() > routes.maxBody()) {
        throw tooLong();
      }
      if (Refusals.hasBody(request)) {
        read(request, response, match);
      } else {
        answer(request, response, match.route().answer().to(call(request, match, new byte[0])));
      }
    } catch (Refused e) {
      Refusals.send(request, response, e.problem());
    }
  }

  private Call call(HttpServletRequest request, Router.Match match, byte[] body) {
    return new Call(request, match.names(), body, json);
  }

  private Refused tooLong() {
    // What is left unread must not be taken for the next request.
    return new Refused(
        Refused.tooLarge("the body holds at most %d bytes".formatted(routes.maxBody()))
            .problem()
            .header("Connection", "close"));
  }

  /** Has the call answered when its body has come, for which no thread waits. */
  private void read(HttpServletRequest request, HttpServletResponse response, Router.Match match)
      throws IOException {
    AsyncContext async = request.startAsync();
    async.setTimeout(requests.timeout().toMillis());
    LateAnswer answer = new LateAnswer(async, response);
    async.addListener(answer);
    new BodyReader(
            request.getInputStream(),
            routes.maxBody(),
            body -> answer(call(request, match, body), match, answer),
            () -> answer.send(tooLong().problem()::send),
            answer::giveUp)
        .start();
  }

  private static void answer(Call call, Router.Match match, LateAnswer answer) {
    try {
      answer(match.route().answer().to(call), answer);
    } catch (Refused e) {
      answer.send(e.problem()::send);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a call failed", e);
      answer.send(Problem.of(500, "Internal error", "the server failed")::send);
    }
  }

  private static void answer(CompletionStage<Reply> result, LateAnswer answer) {
    CompletableFuture<Reply> future = result.toCompletableFuture();
    if (future.isDone() && !future.isCompletedExceptionally()) {
      answer.send(future.join()::send);
      return;
    }
    // Answered on a thread of the container: the engine's must not wait for a caller.
    var unused =
        future.whenComplete(
            (reply, error) -> answer.sendLater(reply != null ? reply::send : problem(error)::send));
  }

  private void answer(
      HttpServletRequest request, HttpServletResponse response, CompletionStage<Reply> result)
      throws IOException {
    CompletableFuture<Reply> future = result.toCompletableFuture();
    if (future.isDone() && !future.isCompletedExceptionally()) {
      future.join().send(response);
      return;
    }
    AsyncContext async = request.startAsync();
    async.setTimeout(requests.timeout().toMillis());
    LateAnswer answer = new LateAnswer(async, response);
    async.addListener(answer);
    answer(result, answer);
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
