package io.switchboard.transport.websocket;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.websocket.Extension;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;

/**
 * Makes endpoints by CDI, and leaves nothing of the handshake to a container's taste.
 *
 * <p>Containers differ in whether they inject into endpoints; all of them ask here for the
 * instance. Extensions are declined because Tomcat's permessage-deflate costs some 200 KB of native
 * memory for each connection.
 */
public class ChatConfigurator extends ServerEndpointConfig.Configurator {
  @Override
  public <T> T getEndpointInstance(Class<T> endpointClass) {
    return CDI.current().select(endpointClass).get();
  }

  @Override
  public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
    return Subprotocols.choose(requested).orElse("");
  }

  @Override
  public List<Extension> getNegotiatedExtensions(
      List<Extension> installed, List<Extension> requested) {
    return List.of();
  }

  @Override
  public boolean checkOrigin(String originHeaderValue) {
    return true; // the gate has decided
  }
}
