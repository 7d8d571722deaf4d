/**
 * Traces, by the API of OpenTelemetry: without an agent in the JVM nothing happens here.
 *
 * <p>May import {@code hub}, {@code channel}.
 */
@NullMarked
package io.switchboard.ops.trace;

import org.jspecify.annotations.NullMarked;
