/**
 * Puts the parts together, starts them and ends them.
 *
 * <p>Sees all packages and is seen by none. The one place where clocks, threads and random sources
 * are made. Start reading at {@link io.switchboard.boot.Application}.
 */
@NullMarked
package io.switchboard.boot;

import org.jspecify.annotations.NullMarked;
