/**
 * What operators ask: is it alive, is it ready.
 *
 * <p>May import {@code hub}, {@code session}, {@code engine}.
 */
@NullMarked
package io.switchboard.ops;

import org.jspecify.annotations.NullMarked;
