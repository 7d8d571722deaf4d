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
  private @Nullable MaskGuard guard;

  AdmittedRequest(HttpServletRequest request, Admission admission) {
    super(request);
    this.admission = admission;
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
      MaskGuard made = super.upgrade(MaskGuard.class);
      made.guard(tyrus);
      guard = made;
      return tyrus;
    } catch (ReflectiveOperationException e) {
      throw new ServletException("Tyrus's upgrade handler cannot be made", e);
    }
  }

  /**
   * Notes that the container is through with the request, up to what it does behind all filters.
   */
  void served(Later later) {
    MaskGuard leaving = guard;
    if (leaving != null) {
      later.run(leaving::left);
    }
  }
}
