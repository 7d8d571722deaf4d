package io.switchboard.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Sends problems to requests whose bodies nobody wants.
 *
 * <p>What was not read of a body would be taken for the next request, so containers read it to its
 * end; Tomcat does so on the thread of the request, and waits there for every byte. Here it is read
 * as it comes, for a short while, and no thread waits. Then the problem is sent; if there was more
 * to come, the connection is closed behind it.
 */
public final class Refusals {
  private static final Logger LOG = System.getLogger(Refusals.class.getName());

  /** So much is read and thrown away, that the client may finish and hear why. */
  private static final int MAX_BYTES = 2 * 1024 * 1024;

  /** For so long. */
  private static final long MAX_MILLIS = 5_000;

  private Refusals() {}

  /** Returns whether {@code request} may have a body: over HTTP/2 it need not say so. */
  public static boolean hasBody(HttpServletRequest request) {
    long length = request.getContentLengthLong();
    return length > 0
        || request.getHeader("Transfer-Encoding") != null
        || (length < 0 && !request.getProtocol().startsWith("HTTP/1"));
  }

  /** Sends {@code problem}: at once where there is no body. Asynchronous answers are possible. */
  public static void send(HttpServletRequest request, HttpServletResponse response, Problem problem)
      throws IOException {
    if (!hasBody(request)) {
      problem.send(response);
      return;
    }
    AsyncContext async = request.startAsync();
    async.setTimeout(MAX_MILLIS);
    ServletInputStream in = request.getInputStream();
    Ending ending = new Ending(async, in, response, problem);
    async.addListener(ending);
    in.setReadListener(ending);
  }

  /** Reads what nobody wants, and ends one request, once. */
  private static final class Ending extends OneAnswer implements ReadListener {
    private static final int PART = 4096;

    private final ServletInputStream in;
    private final HttpServletResponse response;
    private final Problem problem;
    private long read;

    Ending(
        AsyncContext async, ServletInputStream in, HttpServletResponse response, Problem problem) {
      super(async);
      this.in = in;
      this.response = response;
      this.problem = problem;
    }

    @Override
    public void onDataAvailable() throws IOException {
      byte[] part = new byte[PART];
      while (!isClaimed() && in.isReady()) {
        int length = in.read(part);
        if (length < 0) {
          return; // onAllDataRead follows
        }
        read += length;
        if (read > MAX_BYTES) {
          end(true);
        }
      }
    }

    @Override
    public void onAllDataRead() {
      end(false);
    }

    private void end(boolean more) {
      if (!claim()) {
        return;
      }
      try {
        (more ? problem.header("Connection", "close") : problem).send(response);
      } catch (IOException | IllegalStateException e) {
        LOG.log(Level.DEBUG, "a refusal could not be sent", e);
      }
      complete();
    }

    @Override
    public void onError(Throwable error) {
      giveUp(error);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      end(true);
    }
  }
}
