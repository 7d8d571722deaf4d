package io.switchboard.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.Identity;
import io.switchboard.testing.TestNode;
import java.util.concurrent.CompletableFuture;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import org.junit.jupiter.api.Test;

/** A node as somebody sees it who looks with JMX. */
class NodeBeanTest {
  private final TestNode node = new TestNode(3);
  private final MBeanServer server = MBeanServerFactory.newMBeanServer();

  private NodeBean registered(String context) {
    return NodeBean.register(
        new NodeState(node.registry, node.hub, () -> false), context, this::drain, server);
  }

  private void drain() {
    CompletableFuture<Void> unused = node.registry.drain();
  }

  @Test
  void showsWhatIsNow() throws Exception {
    NodeBean bean = registered("/switchboard");
    node.connect(node.superchat, new Identity("ann", false))
        .sayAndSettle("{'type':'connect','id':1,'subs':{'room:a':null}}");

    assertEquals(1, server.getAttribute(bean.objectName(), "Sessions"));
    assertEquals(2, server.getAttribute(bean.objectName(), "Channels"), "hers and the room");
    assertEquals(0L, server.getAttribute(bean.objectName(), "QueueBytes"));
    assertEquals(1_000_000_000L, server.getAttribute(bean.objectName(), "MaxQueueBytes"));
    assertEquals(0L, server.getAttribute(bean.objectName(), "SessionsBehind"));
    assertEquals(false, server.getAttribute(bean.objectName(), "EngineAvailable"));
    assertEquals(node.registry.node(), server.getAttribute(bean.objectName(), "Name"));
    assertEquals("/switchboard", bean.objectName().getKeyProperty("context"));
    node.assertEndsEmpty();
  }

  @Test
  void drains() throws Exception {
    NodeBean bean = registered("");
    assertEquals("/", bean.objectName().getKeyProperty("context"));
    assertEquals(false, server.getAttribute(bean.objectName(), "Draining"));
    server.invoke(bean.objectName(), "drain", new Object[0], new String[0]);
    assertEquals(true, server.getAttribute(bean.objectName(), "Draining"));
    assertTrue(node.registry.isDraining());
  }

  @Test
  void goesAway() {
    NodeBean bean = registered("/a b,c");
    assertTrue(server.isRegistered(bean.objectName()));
    bean.close();
    assertFalse(server.isRegistered(bean.objectName()));
    bean.close();
  }
}
