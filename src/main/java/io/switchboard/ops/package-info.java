/**
 * What operators ask: is it alive, is it ready, how is it; the log of connections, and the node in
 * JMX.
 *
 * <p>May import {@code hub}, {@code session}, {@code engine}, {@code protocol}, {@code channel},
 * {@code http}.
 */
@NullMarked
package io.switchboard.ops;

import org.jspecify.annotations.NullMarked;
