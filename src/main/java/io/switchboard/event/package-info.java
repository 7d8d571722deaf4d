/**
 * What happens on this node, for application code in the same WAR: {@code void heard(@Observes
 * SessionOpened event)}.
 *
 * <p>May import {@code channel}. Start reading at {@link io.switchboard.event.Event}.
 */
@NullMarked
package io.switchboard.event;

import org.jspecify.annotations.NullMarked;
