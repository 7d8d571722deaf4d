package io.switchboard.wire;

import java.net.URL;

/**
 * Where the WAR under test answers: {@code context} starts with a slash and does not end in one.
 */
record Target(String host, int port, String context) {

  static Target of(URL base) {
    String path = base.getPath();
    String context = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return new Target(base.getHost(), base.getPort(), context);
  }

  /** The value of a truthful {@code Host} header. */
  String authority() {
    return host + ":" + port;
  }

  /** The origin of a page served by the WAR under test. */
  String origin() {
    return "http://" + authority();
  }

  String path(String below) {
    return context + below;
  }
}
