package io.switchboard.boot.standalone;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.modeler.Registry;
import org.apache.tomcat.util.scan.StandardJarScanner;

/**
 * Tomcat with one web application, set up in code. The only class that knows Tomcat.
 *
 * <p>The port is bound when the application is up, and let go when its clients were sent away and
 * before it stops: whoever can connect is served.
 */
public final class EmbeddedServer implements WebServer {
  private static final int REQUEST_HEADER_BYTES = 16_384;
  private static final int PENDING_CONNECTIONS = 1_024;
  private static final int IDLE_REQUEST_MILLIS = 20_000;

  /** What the application wants to be run before its server stops serving. */
  private static final String DRAIN = "io.switchboard.drain";

  private static final String SOCKET_BUFFER_BYTES = "2048";

  private final Options options;
  private final Tomcat tomcat = new Tomcat();
  private final Connector connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
  private final StandardContext context;

  /**
   * @param webapp the unpacked web application
   * @param work a folder for the server's own files
   */
  public EmbeddedServer(Options options, Path webapp, Path work) throws IOException {
    this.options = options;
    Files.createDirectories(work.resolve("webapps"));
    if (System.getProperty("org.apache.tomcat.websocket.DEFAULT_BUFFER_SIZE") == null) {
      // Allocated several times per connection; frames larger than this take more reads and writes.
      System.setProperty("org.apache.tomcat.websocket.DEFAULT_BUFFER_SIZE", "4096");
    }
    Registry.disableRegistry(); // no JMX beans: they cost start time and nobody asks them
    tomcat.setBaseDir(work.toString());
    configure(connector);
    tomcat.setAddDefaultWebXmlToWebapp(false); // it wants the JSP servlet, which is not shipped
    context = (StandardContext) tomcat.addWebapp(options.contextPath(), webapp.toString());
    configure(context);
    tomcat.getHost().getPipeline().addValve(plainErrorPages());
    tomcat.getEngine().getPipeline().addValve(new UnreadBodies());
  }

  @Override
  public void start() {
    try (StartupLog log = StartupLog.of("org.apache", options.verbose())) {
      try {
        tomcat.start();
        if (!context.getState().isAvailable()) {
          throw new LifecycleException("the web application did not start");
        }
        tomcat.getService().addConnector(connector); // which starts it
      } catch (LifecycleException e) {
        throw StartException.application(log.takeFailure().orElse(e));
      } catch (IllegalArgumentException e) {
        log.takeFailure();
        throw StartException.port(options, e);
      }
    }
  }

  @Override
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public void await() {
    tomcat.getServer().await();
  }

  @Override
  public void drain() {
    if (context.getServletContext().getAttribute(DRAIN) instanceof Runnable drain) {
      drain.run();
    }
  }

  @Override
  public void stop() {
    try {
      tomcat.stop();
      tomcat.destroy();
    } catch (LifecycleException e) {
      System.getLogger(EmbeddedServer.class.getName())
          .log(Level.WARNING, "the server did not stop cleanly", e);
    }
  }

  private void configure(Connector http) {
    http.setPort(options.port());
    http.setXpoweredBy(false);
    if (!options.host().equals(Options.ALL_INTERFACES)) {
      http.setProperty("address", options.host());
    }
    http.setProperty("bindOnInit", "false");
    http.setProperty("acceptCount", String.valueOf(PENDING_CONNECTIONS));
    // Sessions are long and mostly idle: their number is bounded by the application's settings and
    // the system's file handles, not by a default made for requests.
    http.setProperty("maxConnections", "-1");
    // An application that publishes a lot should not have to connect anew after 100 requests.
    http.setProperty("maxKeepAliveRequests", "-1");
    http.setProperty("connectionTimeout", String.valueOf(IDLE_REQUEST_MILLIS));
    http.setProperty("maxHttpHeaderSize", String.valueOf(REQUEST_HEADER_BYTES));
    // Two more buffers for each connection, which a WebSocket hardly uses.
    http.setProperty("socket.appReadBufSize", SOCKET_BUFFER_BYTES);
    http.setProperty("socket.appWriteBufSize", SOCKET_BUFFER_BYTES);
  }

  private static void configure(StandardContext context) {
    // Server and application have the launcher's class loader as an ancestor, not each other's.
    context.setParentClassLoader(EmbeddedServer.class.getClassLoader());
    context.setCookies(false);
    ((StandardJarScanner) context.getJarScanner()).setScanClassPath(false);
    // These free an application's memory in a server that goes on; this one ends with it.
    context.setClearReferencesRmiTargets(false);
    context.setClearReferencesThreadLocals(false);
    Wrapper files = Tomcat.addServlet(context, "default", new StaticFiles());
    files.addInitParameter("listings", "false");
    files.addInitParameter("showServerInfo", "false");
    files.addInitParameter("fileEncoding", "UTF-8");
    // By content: two builds may differ in nothing else that a weak tag is made of.
    files.addInitParameter("useStrongETags", "true");
    files.setLoadOnStartup(1);
    context.addServletMapping("/", "default");
    context.addWelcomeFile("index.html");
    Tomcat.addDefaultMimeTypeMappings(context);
  }

  private static ErrorReportValve plainErrorPages() {
    ErrorReportValve valve = new ErrorReportValve();
    valve.setShowReport(false);
    valve.setShowServerInfo(false);
    return valve;
  }

  /**
   * Closes the connection of a request whose body nobody wanted and that has not come yet. Tomcat
   * would wait for each byte of it on the thread of the request, so that 200 requests of a file
   * that announce a body and send none stop a server.
   */
  private static final class UnreadBodies extends ValveBase {
    private static final int MAX_BYTES = 2 * 1024 * 1024;

    UnreadBodies() {
      super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
      getNext().invoke(request, response);
      boolean hasBody =
          request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
      if (hasBody && !request.isAsync() && response.getStatus() != 101 && !isRead(request)) {
        if (!response.isCommitted()) {
          response.setHeader("Connection", "close");
        }
        request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
      }
    }

    /** Reads what is there already, and returns whether that is all. */
    private static boolean isRead(Request request) {
      byte[] part = new byte[8192];
      int read = 0;
      try {
        InputStream in = request.getStream();
        while (read < MAX_BYTES && in.available() > 0) {
          read += Math.max(0, in.read(part));
        }
      } catch (IOException e) { // somebody has ended it
        return false;
      }
      AtomicBoolean all = new AtomicBoolean();
      request.getCoyoteRequest().action(ActionCode.REQUEST_BODY_FULLY_READ, all);
      return all.get();
    }
  }

  /** Files of the web application, which a browser may keep but must ask about before each use. */
  private static final class StaticFiles extends DefaultServlet {
    @Override
    protected void serveResource(
        HttpServletRequest request, HttpServletResponse response, boolean content, String encoding)
        throws IOException, ServletException {
      if (!response.containsHeader("Cache-Control")) {
        response.setHeader("Cache-Control", "no-cache");
      }
      super.serveResource(request, response, content, encoding);
    }
  }
}
