/**
 * From a channel to the sessions of this node that listen on it.
 *
 * <p>May import {@code session}, {@code engine}, {@code event}, {@code protocol}, {@code channel},
 * {@code concurrent}. Start reading at {@link io.switchboard.hub.Hub}.
 */
@NullMarked
package io.switchboard.hub;

import org.jspecify.annotations.NullMarked;
