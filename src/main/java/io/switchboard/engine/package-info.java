/**
 * The port behind which publications are numbered, kept and announced.
 *
 * <p>May import {@code channel}. Each engine lives in a package of its own below this one, and only
 * {@code boot} knows it by name. Start reading at {@link io.switchboard.engine.Broker}.
 */
@NullMarked
package io.switchboard.engine;

import org.jspecify.annotations.NullMarked;
