package io.switchboard.boot.standalone;

/**
 * The server as {@link Main} sees it: the seam between the launcher and the classes that are loaded
 * from the unpacked jars.
 *
 * <p>Public, like everything it mentions, because its implementation has another class loader and
 * so lives in another run-time package.
 */
public interface WebServer {

  /**
   * Starts the web application and then listens.
   *
   * @throws StartException when the application refuses to start or the port cannot be bound
   */
  void start();

  /** Returns the port that is listened on, also when the options left the choice to the system. */
  int port();

  /** Blocks until the server has been stopped. */
  void await();

  /**
   * Lets the application send its clients away while everything is still served. Returns when that
   * is done, or was given up in time; does nothing during {@link #start()}.
   */
  void drain();

  /**
   * Closes the listening port, lets the application end its sessions, and frees everything. Returns
   * when that is done; calls from any thread, also during {@link #start()}, are safe.
   */
  void stop();
}
