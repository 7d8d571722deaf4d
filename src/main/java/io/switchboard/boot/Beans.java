package io.switchboard.boot;

import io.switchboard.admission.Gatekeeper;
import io.switchboard.api.ApiMeter;
import io.switchboard.api.Callers;
import io.switchboard.api.Routes;
import io.switchboard.auth.ChannelPolicy;
import io.switchboard.auth.NamespacePolicy;
import io.switchboard.auth.Tickets;
import io.switchboard.channel.Namespace;
import io.switchboard.engine.Availability;
import io.switchboard.engine.ControlBus;
import io.switchboard.http.RequestSettings;
import io.switchboard.hub.Hub;
import io.switchboard.lab.Lab;
import io.switchboard.ops.metrics.Metrics;
import io.switchboard.ops.metrics.MetricsAccess;
import io.switchboard.protocol.ChatCodec;
import io.switchboard.protocol.Json;
import io.switchboard.protocol.SuperchatCodec;
import io.switchboard.session.Metering;
import io.switchboard.session.SessionRegistry;
import io.switchboard.session.SessionSettings;
import io.switchboard.transport.http.HttpSessions;
import io.switchboard.transport.websocket.Bench;
import io.switchboard.transport.websocket.Later;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows the parts of the {@link Application} to CDI, so that endpoints, servlets and code of others
 * in the WAR can have them injected.
 */
@ApplicationScoped
public class Beans {
  private volatile @Nullable Application application;

  private volatile @Nullable NamespacePolicy shipped;

  @Inject
  @SuppressWarnings("NullAway.Init")
  private BeanManager manager;

  /** Makes one that has nothing to show yet. */
  public Beans() {}

  /** Returns the beans of others that want to hear what happens. */
  EventQueue.Observers observers() {
    return new CdiObservers(manager);
  }

  /**
   * Returns who decides: the build's own policy, if it has one, or the one of {@code namespaces}.
   */
  ChannelPolicy policy(List<Namespace> namespaces) {
    shipped = new NamespacePolicy(namespaces);
    // Not injected: a producer of this bean would then run while the bean counts as incomplete.
    return manager.createInstance().select(ChannelPolicy.class).get();
  }

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
  ControlBus bus() {
    return running().bus();
  }

  @Produces
  @Singleton
  Tickets tickets() {
    return running().tickets();
  }

  @Produces
  @Singleton
  Routes routes() {
    return running().routes();
  }

  @Produces
  @Singleton
  Metrics metrics() {
    return running().metrics();
  }

  @Produces
  @Singleton
  MetricsAccess metricsAccess() {
    return running().metricsAccess();
  }

  @Produces
  @Singleton
  ApiMeter apiMeter() {
    return running().metrics().api();
  }

  @Produces
  @Singleton
  Lab lab() {
    return running().lab();
  }

  @Produces
  @Singleton
  Metering metering() {
    return running().lab().traffic();
  }

  @Produces
  @Singleton
  Bench bench() {
    return running().bench();
  }

  /** The one that ships; a {@link ChannelPolicy} that is an alternative stands before it. */
  @Produces
  @Singleton
  NamespacePolicy shippedPolicy() {
    NamespacePolicy ready = shipped;
    if (ready == null) {
      throw new IllegalStateException("Switchboard is not started");
    }
    return ready;
  }

  @Produces
  @Singleton
  Callers callers() {
    return running().callers();
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
  RequestSettings requestSettings() {
    return running().settings().requests();
  }

  @Produces
  @Singleton
  Gatekeeper gatekeeper() {
    return running().gatekeeper();
  }

  @Produces
  @Singleton
  HttpSessions httpSessions() {
    return running().httpSessions();
  }

  @Produces
  @Singleton
  Later later() {
    return running().later();
  }
}
