package io.switchboard.boot;

import io.switchboard.session.SessionRegistry;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.function.Consumer;

/**
 * Tells the sessions of somebody whom the container had logged in that this is over: by log-out,
 * because nothing was asked for long, or because another log-in took its place.
 *
 * <p>Nothing of ours is kept in an {@code HttpSession}, and none is made: only its id is known.
 */
@WebListener
public class LoginListener implements HttpSessionListener, HttpSessionIdListener {
  @Override
  public void sessionDestroyed(HttpSessionEvent event) {
    String id = event.getSession().getId();
    tell(event.getSession(), registry -> registry.loginEnded(id));
  }

  @Override
  public void sessionIdChanged(HttpSessionEvent event, String before) {
    String now = event.getSession().getId();
    tell(event.getSession(), registry -> registry.loginRenamed(before, now));
  }

  private static void tell(HttpSession session, Consumer<SessionRegistry> news) {
    Application running = WarListener.running(session.getServletContext());
    if (running != null) {
      news.accept(running.registry());
    }
  }
}
