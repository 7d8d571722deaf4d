/**
 * What operators ask: is it alive, is it ready, how is it.
 *
 * <p>May import {@code hub}, {@code session}, {@code engine}, {@code protocol}, {@code channel}.
 */
@NullMarked
package io.switchboard.ops;

import org.jspecify.annotations.NullMarked;
