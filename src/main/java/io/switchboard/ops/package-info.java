/**
 * What operators ask: is it alive, is it ready; and what every answer tells browsers.
 *
 * <p>May import {@code hub}, {@code session}, {@code engine}, {@code admission}, {@code http}.
 */
@NullMarked
package io.switchboard.ops;

import org.jspecify.annotations.NullMarked;
