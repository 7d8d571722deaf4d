package io.switchboard.ops.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.switchboard.auth.Identity;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Journey;
import io.switchboard.channel.Payload;
import io.switchboard.engine.Broker;
import io.switchboard.hub.Hub;
import io.switchboard.hub.HubMeter;
import io.switchboard.hub.Tracing;
import io.switchboard.session.SessionMeter;
import io.switchboard.testing.TestNode;
import io.switchboard.testing.TestNode.Client;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Traces as a collector gets them, of a whole node but for the container. */
class OpenTelemetryTracingTest {
  private static final ChannelName A = new ChannelName("room:a");
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CALLER = "00f067aa0ba902b7";
  private static final String TRACEPARENT = "00-" + TRACE + "-" + CALLER + "-01";

  private final InMemorySpanExporter collector = InMemorySpanExporter.create();
  private final SdkTracerProvider provider =
      SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(collector)).build();
  private final TestNode node =
      node(
          new OpenTelemetryTracing(OpenTelemetrySdk.builder().setTracerProvider(provider).build()));

  private static TestNode node(Tracing tracing) {
    return new TestNode(
        1 << 20,
        new TestNode.Watched(
            UnaryOperator.identity(), new Hub.Watchers(HubMeter.NONE, tracing), SessionMeter.NONE));
  }

  @AfterEach
  void nothingIsLeftBehind() {
    node.assertEndsEmpty();
    provider.close();
  }

  private static Client listening(TestNode node) {
    Client client = node.connect(node.superchat, new Identity("ann", false));
    client.sayAndSettle("{'type':'connect','id':1,'subs':{'room:a':null}}");
    client.next("connected");
    return client;
  }

  private static void publish(TestNode node, @Nullable String traceparent) {
    node.hub.publish(
        A,
        new Broker.Request(
            null, Payload.of(node.json.read("1")), null, false, Journey.askedWith(traceparent)));
    node.workers.runAll();
  }

  private SpanData span(String name) {
    List<SpanData> found =
        collector.getFinishedSpanItems().stream().filter(s -> s.getName().equals(name)).toList();
    assertEquals(1, found.size(), () -> name + " in " + collector.getFinishedSpanItems());
    return found.get(0);
  }

  @Test
  void publishBelongsToTheCallersTraceAndDeliverToPublish() {
    Client ann = listening(node);
    publish(node, TRACEPARENT);

    SpanData publish = span("publish");
    assertEquals(TRACE, publish.getTraceId());
    assertEquals(CALLER, publish.getParentSpanId());
    SpanData deliver = span("deliver");
    assertEquals(TRACE, deliver.getTraceId());
    assertEquals(publish.getSpanId(), deliver.getParentSpanId());
    assertTrue(deliver.hasEnded());
    assertFalse(ann.next("publication").toString().contains(TRACE), "a client sees no trace");
  }

  @Test
  void whereNobodyListensNothingIsDelivered() {
    publish(node, TRACEPARENT);
    span("publish");
    assertEquals(1, collector.getFinishedSpanItems().size());
  }

  @Test
  void aSpanOfTheCallersThreadIsCloserThanItsHeader() {
    Span current = provider.get("test").spanBuilder("request").startSpan();
    try (Scope scope = current.makeCurrent()) {
      assertFalse(scope == null);
      publish(node, TRACEPARENT);
    }
    current.end();
    assertEquals(current.getSpanContext().getSpanId(), span("publish").getParentSpanId());
  }

  @Test
  void noTraceIsBegunAndNonsenseIsNone() {
    listening(node);
    publish(node, null);
    publish(node, "00-nonsense-01");
    publish(node, "x\r\n".repeat(1_000));
    publish(node, "00-" + "0".repeat(32) + "-" + CALLER + "-01");
    assertEquals(List.of(), collector.getFinishedSpanItems());
  }

  @Test
  void aPublicationThatFailsIsAnErrorOfItsSpan() {
    OpenTelemetryTracing tracing =
        new OpenTelemetryTracing(OpenTelemetrySdk.builder().setTracerProvider(provider).build());
    tracing.publishing(A, TRACEPARENT).ended(new IllegalStateException("away"));
    assertEquals(StatusData.error(), span("publish").getStatus());
  }

  @Test
  void withoutAnAgentThereIsNothing() {
    TestNode plain = node(new OpenTelemetryTracing(OpenTelemetry.noop()));
    Client ann = listening(plain);
    publish(plain, TRACEPARENT);
    assertEquals(1, ann.next("publication").getInt("offset"));
    plain.assertEndsEmpty();
  }
}
