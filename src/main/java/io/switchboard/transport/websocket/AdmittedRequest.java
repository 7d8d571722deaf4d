package io.switchboard.transport.websocket;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpUpgradeHandler;
import java.io.IOException;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/** A handshake that the gate let through, on its way to the container. */
final class AdmittedRequest extends HttpServletRequestWrapper {
  private static final String TYRUS = "org.glassfish.tyrus.";

  private final Admission admission;
  private final Later later;

  AdmittedRequest(HttpServletRequest request, Admission admission, Later later) {
    super(request);
    this.admission = admission;
    this.later = later;
  }

  @Override
  public Principal getUserPrincipal() {
    return admission;
  }

  /**
   * Returns none unless one is to be made: containers would close the WebSocket by themselves, with
   * 1008, when its end comes.
   */
  @Override
  public @Nullable HttpSession getSession(boolean create) {
    return create ? super.getSession(true) : null;
  }

  @Override
  public <T extends HttpUpgradeHandler> T upgrade(Class<T> type)
      throws IOException, ServletException {
    if (!type.getName().startsWith(TYRUS)) {
      return super.upgrade(type);
    }
    try {
      T tyrus = type.getDeclaredConstructor().newInstance();
      super.upgrade(MaskGuard.class).guard(tyrus, later);
      return tyrus;
    } catch (ReflectiveOperationException e) {
      throw new ServletException("Tyrus's upgrade handler cannot be made", e);
    }
  }
}
