package io.switchboard.ops;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** A node as JMX shows it. Safe for use by many threads. */
public final class NodeBean implements NodeMXBean, AutoCloseable {
  private static final Logger LOG = System.getLogger(NodeBean.class.getName());

  private final NodeState node;
  private final Runnable drain;
  private final MBeanServer server;
  private final ObjectName name;

  private NodeBean(NodeState node, Runnable drain, MBeanServer server, ObjectName name) {
    this.node = node;
    this.drain = drain;
    this.server = server;
    this.name = name;
  }

  /**
   * Shows {@code node} until it is closed. Where that is not possible the log says so, and nothing
   * else is different.
   *
   * @param context the context path, by which several in one JVM are told apart
   */
  public static NodeBean register(
      NodeState node, String context, Runnable drain, MBeanServer server) {
    NodeBean bean = new NodeBean(node, drain, server, name(node, context));
    try {
      server.registerMBean(bean, bean.name);
    } catch (JMException e) {
      LOG.log(Level.WARNING, "JMX does not show this node", e);
    }
    return bean;
  }

  /** The node's own name too: versions of one WAR may stand side by side at one path. */
  private static ObjectName name(NodeState node, String context) {
    String path = context.isEmpty() ? "/" : context;
    String safe = path.matches("[\\w/.~-]+") ? path : ObjectName.quote(path);
    try {
      return new ObjectName("io.switchboard:type=Node,context=" + safe + ",node=" + node.name());
    } catch (JMException e) { // nothing of it can be malformed
      throw new IllegalStateException(e);
    }
  }

  /** Returns what it is called. */
  public ObjectName objectName() {
    return name;
  }

  /** Shows it no longer; JMX would keep the WAR's classes. */
  @Override
  public void close() {
    try {
      if (server.isRegistered(name)) {
        server.unregisterMBean(name);
      }
    } catch (JMException e) {
      LOG.log(Level.WARNING, "JMX still shows this node", e);
    }
  }

  @Override
  public String getName() {
    return node.name();
  }

  @Override
  public int getSessions() {
    return node.sessions().size();
  }

  @Override
  public long getSessionsBehind() {
    return node.sessionsBehind();
  }

  @Override
  public int getChannels() {
    return node.channels();
  }

  @Override
  public long getQueueBytes() {
    return node.queueBytes();
  }

  @Override
  public long getMaxQueueBytes() {
    return node.maxQueueBytes();
  }

  @Override
  public boolean isEngineAvailable() {
    return node.isEngineAvailable();
  }

  @Override
  public boolean isDraining() {
    return node.isDraining();
  }

  @Override
  public void drain() {
    drain.run();
  }
}
