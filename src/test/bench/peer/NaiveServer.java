import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;

/**
 * What one writes first: a set of sessions and a loop. It is here to be compared with.
 *
 * <p>{@code /async} sends by {@code getAsyncRemote}, {@code /basic} by {@code getBasicRemote}; both
 * send every message they get to everybody, with Tomcat as it comes.
 */
public final class NaiveServer {
  private NaiveServer() {}

  /** Serves on the port that is the first argument; the second is a folder for Tomcat's files. */
  public static void main(String[] arguments) throws Exception {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(arguments[1]);
    Connector connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
    connector.setPort(Integer.parseInt(arguments[0]));
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("maxConnections", "-1");
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("", null);
    context.addServletContainerInitializer(new WsSci(), Set.of(Async.class, Basic.class));
    Tomcat.addServlet(context, "default", new DefaultServlet()); // else no filter is asked
    context.addServletMapping("/", "default");
    tomcat.start();
    System.out.println("the naive server is ready");
    tomcat.getServer().await();
  }

  /** Sends without waiting. */
  @ServerEndpoint("/async")
  public static final class Async {
    private static final Set<Session> SESSIONS = ConcurrentHashMap.newKeySet();

    @OnOpen
    public void open(Session session) {
      SESSIONS.add(session);
    }

    @OnClose
    public void close(Session session) {
      SESSIONS.remove(session);
    }

    @OnError
    public void error(Session session, Throwable error) {
      SESSIONS.remove(session);
    }

    @OnMessage
    public void message(String text) {
      for (Session session : SESSIONS) {
        session.getAsyncRemote().sendText(text);
      }
    }
  }

  /** Sends and waits, one after the other. */
  @ServerEndpoint("/basic")
  public static final class Basic {
    private static final Set<Session> SESSIONS = ConcurrentHashMap.newKeySet();

    @OnOpen
    public void open(Session session) {
      SESSIONS.add(session);
    }

    @OnClose
    public void close(Session session) {
      SESSIONS.remove(session);
    }

    @OnError
    public void error(Session session, Throwable error) {
      SESSIONS.remove(session);
    }

    @OnMessage
    public void message(String text) throws IOException {
      for (Session session : SESSIONS) {
        session.getBasicRemote().sendText(text);
      }
    }
  }
}
