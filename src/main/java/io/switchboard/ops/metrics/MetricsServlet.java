package io.switchboard.ops.metrics;

import io.switchboard.http.Problem;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Optional;

/** {@code GET /metrics}, for Prometheus and who reads what it reads. */
@WebServlet(urlPatterns = "/metrics")
public class MetricsServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  @Inject private transient Metrics metrics;
  @Inject private transient MetricsAccess access;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Optional<Problem> refusal = access.refusal(request);
    if (refusal.isPresent()) {
      refusal.get().send(response);
      return;
    }
    Metrics.Scraped scraped =
        metrics.scrape(String.join(",", Collections.list(request.getHeaders("Accept"))));
    response.setHeader("Cache-Control", "no-store");
    response.setContentType(scraped.mediaType());
    byte[] body = scraped.body().getBytes(StandardCharsets.UTF_8);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
