/**
 * What is counted, and {@code GET /metrics}, where Prometheus reads it.
 *
 * <p>The only room that knows Micrometer. Others have small ports, which are implemented here: on
 * the hot path nothing but a {@code LongAdder} is touched. Labels are of a bounded number: never a
 * user, a channel, a session or an address. May import {@code ops}, {@code api}, {@code admission},
 * {@code hub}, {@code session}, {@code engine}, {@code protocol}, {@code channel}, {@code http}.
 * Start reading with {@link io.switchboard.ops.metrics.Metrics}.
 */
@NullMarked
package io.switchboard.ops.metrics;

import org.jspecify.annotations.NullMarked;
