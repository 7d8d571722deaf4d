/**
 * What operators ask: is it alive, is it ready, how is it; the log of connections, the node in JMX;
 * and what every answer tells browsers.
 *
 * <p>May import {@code hub}, {@code session}, {@code engine}, {@code protocol}, {@code channel},
 * {@code auth}, {@code admission}, {@code http}.
 */
@NullMarked
package io.switchboard.ops;

import org.jspecify.annotations.NullMarked;
