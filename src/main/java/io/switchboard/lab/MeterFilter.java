package io.switchboard.lab;

import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the transports' requests have on the wire, while a stream of the {@link Lab} runs;
 * otherwise it lets everything pass as it is.
 */
@WebFilter(
    urlPatterns = {"/chat", "/chat/sessions/*"},
    asyncSupported = true)
public class MeterFilter extends HttpFilter {
  private static final long serialVersionUID = 1;
  private static final String SESSIONS = "/chat/sessions";

  @Inject private transient Lab lab;

  private transient @Nullable Heads heads;

  @Override
  public void init() {
    heads = new Heads(getServletContext().getServerInfo());
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Heads heads = this.heads;
    if (heads == null || !lab.traffic().isOn()) {
      chain.doFilter(request, response);
      return;
    }
    String path = request.getRequestURI().substring(request.getContextPath().length());
    if (path.startsWith(SESSIONS)) {
      overHttp(request, response, path.substring(SESSIONS.length()), heads, chain);
    } else {
      handshake(request, response, heads, chain);
    }
  }

  private void handshake(
      HttpServletRequest request, HttpServletResponse response, Heads heads, FilterChain chain)
      throws IOException, ServletException {
    String key = request.getHeader("Sec-WebSocket-Key");
    long size = MeteredRequest.headSize(request);
    long mark = lab.traffic().mark();
    chain.doFilter(request, response);
    if (key == null || response.getStatus() != 101) {
      return;
    }
    Tally tally = lab.traffic().tally(key);
    tally.used(mark);
    tally.request();
    tally.bytesReceived(size);
    tally.bytesSent(
        heads.response(
            new Heads.Response(101, MeteredResponse.headers(response), false, false, "", -1)));
  }

  private void overHttp(
      HttpServletRequest request,
      HttpServletResponse response,
      String rest,
      Heads heads,
      FilterChain chain)
      throws IOException, ServletException {
    Traffic traffic = lab.traffic();
    boolean keepAlive = "keep-alive".equalsIgnoreCase(request.getHeader("Connection"));
    Bill bill = new Bill(() -> whose(rest, response));
    MeteredResponse answer = new MeteredResponse(response, heads, keepAlive, bill, traffic::mark);
    bill.request(MeteredRequest.headSize(request));
    long mark = traffic.mark();
    HttpServletRequest counted = new MeteredRequest(request, answer, bill);
    chain.doFilter(counted, answer);
    answer.outside();
    if (!counted.isAsyncStarted()) {
      answer.finish();
    }
    bill.used(traffic.mark() - mark);
  }

  /** Returns the count of the session that the path names, or that has just been made. */
  private Optional<Tally> whose(String rest, HttpServletResponse response) {
    if (rest.length() > 1) {
      int end = rest.indexOf('/', 1);
      return Optional.of(lab.traffic().tally(rest.substring(1, end < 0 ? rest.length() : end)));
    }
    String location = response.getHeader("Location");
    return location == null
        ? Optional.empty()
        : Optional.of(lab.traffic().tally(location.substring(location.lastIndexOf('/') + 1)));
  }
}
