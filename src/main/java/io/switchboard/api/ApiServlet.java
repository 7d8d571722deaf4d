package io.switchboard.api;

import io.switchboard.auth.Caller;
import io.switchboard.auth.Scope;
import io.switchboard.engine.Availability;
import io.switchboard.http.Problem;
import io.switchboard.protocol.Json;
import io.switchboard.session.Limit;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
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
  @Inject private transient Routes routes;
  @Inject private transient Json json;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      // The container's own idea of the path is decoded already.
      String base = request.getContextPath() + request.getServletPath();
      String uri = request.getRequestURI();
      String path = uri.startsWith(base) ? uri.substring(base.length()) : uri;
      Caller caller = path.equals(Routes.DESCRIPTION) ? NOBODY : callers.caller(request);
      Router.Match match = routes.router().find(request.getMethod(), path);
      Callers.check(caller, match.route());
      if (caller != NOBODY) {
        LOG.log(
            match.route().needs().contains(Scope.ADMIN) ? Level.INFO : Level.DEBUG,
            () -> "%s: %s %s".formatted(caller.name(), request.getMethod(), path));
      }
      answer(request, match.route().answer().to(new Call(request, match.names(), json)), response);
    } catch (Refused e) {
      if (e.problem().status() == HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE) {
        callers.counts().hit(Limit.BODY_SIZE);
      }
      e.problem().send(response);
    } catch (UncheckedIOException e) { // the caller went away
      throw e.getCause();
    }
  }

  private static void answer(
      HttpServletRequest request, CompletionStage<Reply> result, HttpServletResponse response)
      throws IOException {
    CompletableFuture<Reply> future = result.toCompletableFuture();
    if (future.isDone() && !future.isCompletedExceptionally()) {
      future.join().send(response);
      return;
    }
    AsyncContext async = request.startAsync();
    async.setTimeout(0); // the stage always completes
    // Answered on a thread of the container: the engine's must not wait for a caller.
    result.whenComplete((reply, error) -> async.start(() -> finish(async, reply, error)));
  }

  private static void finish(AsyncContext async, @Nullable Reply reply, @Nullable Throwable error) {
    try {
      send(reply, error, (HttpServletResponse) async.getResponse());
    } catch (IOException e) { // the caller went away; what it asked for is done
      LOG.log(Level.DEBUG, "an answer could not be sent", e);
    } finally {
      async.complete();
    }
  }

  private static void send(
      @Nullable Reply reply, @Nullable Throwable error, HttpServletResponse response)
      throws IOException {
    if (reply != null) {
      reply.send(response);
    } else {
      problem(error).send(response);
    }
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
