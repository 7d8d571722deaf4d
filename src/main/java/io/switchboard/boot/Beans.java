package io.switchboard.boot;

import io.switchboard.auth.ApiKey;
import io.switchboard.auth.ChannelPolicy;
import io.switchboard.engine.Availability;
import io.switchboard.hub.Hub;
import io.switchboard.protocol.ChatCodec;
import io.switchboard.protocol.Json;
import io.switchboard.protocol.SuperchatCodec;
import io.switchboard.session.SessionRegistry;
import io.switchboard.session.SessionSettings;
import io.switchboard.transport.websocket.GateSettings;
import io.switchboard.transport.websocket.HandshakeLimits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Shows the parts of the {@link Application} to CDI, so that endpoints, servlets and code of others
 * in the WAR can have them injected.
 */
@ApplicationScoped
public class Beans {
  private volatile @Nullable Application application;

  /** Makes one that has nothing to show yet. */
  public Beans() {}

  void show(Application started) {
    application = started;
  }

  private Application running() {
    Application running = application;
    if (running == null) {
      throw new IllegalStateException("Switchboard is not started");
    }
    return running;
  }

  @Produces
  @Singleton
  Hub hub() {
    return running().hub();
  }

  @Produces
  @Singleton
  Availability availability() {
    return running().availability();
  }

  @Produces
  @Singleton
  SessionRegistry registry() {
    return running().registry();
  }

  @Produces
  @Singleton
  ChannelPolicy policy() {
    return running().policy();
  }

  @Produces
  @Singleton
  ApiKey apiKey() {
    return running().apiKey();
  }

  @Produces
  @Singleton
  Json json() {
    return running().json();
  }

  @Produces
  @Singleton
  ChatCodec chat() {
    return running().chat();
  }

  @Produces
  @Singleton
  SuperchatCodec superchat() {
    return running().superchat();
  }

  @Produces
  @Singleton
  SessionSettings sessionSettings() {
    return running().settings().session();
  }

  @Produces
  @Singleton
  HandshakeLimits handshakeLimits() {
    return running().handshakeLimits();
  }

  @Produces
  @Singleton
  GateSettings gateSettings() {
    return running().settings().gate();
  }
}
