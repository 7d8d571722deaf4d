package io.switchboard.ops.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.switchboard.channel.ChannelName;
import io.switchboard.hub.Tracing;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Makes a span {@code publish} of a publication that belongs to a trace, and a span {@code deliver}
 * of its being told to those who listen on this node. Safe for use by many threads.
 *
 * <p>A trace is never begun here: with nobody's trace to belong to, a publication makes no spans.
 * Nor is it carried to clients, who would not know what to do with it.
 */
public final class OpenTelemetryTracing implements Tracing {
  private static final String SCOPE = "io.switchboard";

  /** What spans say of the channel: its namespace, of which there are few. */
  private static final String NAMESPACE = "switchboard.namespace";

  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

  private final Tracer tracer;

  /** Makes one; {@code telemetry} may do nothing, as it does without an agent. */
  public OpenTelemetryTracing(OpenTelemetry telemetry) {
    this.tracer = telemetry.getTracer(SCOPE);
  }

  @Override
  public Publishing publishing(ChannelName channel, @Nullable String parent) {
    // An agent that watches the container is closer than the caller whose trace it continues.
    Context context = Context.current();
    if (!isTraced(context)) {
      if (parent == null) {
        return UNTRACED;
      }
      context = continued(parent);
      if (!isTraced(context)) {
        return UNTRACED;
      }
    }
    Span span = span("publish", SpanKind.PRODUCER, channel, context);
    return new Publish(span, traceparent(context.with(span)));
  }

  @Override
  public Runnable delivering(ChannelName channel, String trace) {
    return span("deliver", SpanKind.CONSUMER, channel, continued(trace))::end;
  }

  private Span span(String name, SpanKind kind, ChannelName channel, Context parent) {
    SpanBuilder span = tracer.spanBuilder(name).setSpanKind(kind).setParent(parent);
    return span.setAttribute(NAMESPACE, channel.namespace()).startSpan();
  }

  private static boolean isTraced(Context context) {
    return Span.fromContext(context).getSpanContext().isValid();
  }

  private static Context continued(String traceparent) {
    return W3C.extract(
        Context.root(), traceparent, (header, key) -> key.equals("traceparent") ? header : null);
  }

  private static @Nullable String traceparent(Context context) {
    AtomicReference<@Nullable String> written = new AtomicReference<>();
    W3C.inject(
        context,
        written,
        (carrier, key, value) -> {
          if (carrier != null && key.equals("traceparent")) {
            carrier.set(value);
          }
        });
    return written.get();
  }

  private record Publish(Span span, @Nullable String trace) implements Publishing {
    @Override
    public void ended(@Nullable Throwable error) {
      if (error != null) {
        span.setStatus(StatusCode.ERROR);
        span.recordException(error);
      }
      span.end();
    }
  }
}
