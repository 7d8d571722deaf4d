/**
 * What each command does: one handler per command.
 *
 * <p>May import {@code hub}, {@code session}, {@code engine}, {@code auth}, {@code protocol},
 * {@code channel}. Start reading at {@link io.switchboard.command.CommandDispatcher}.
 */
@NullMarked
package io.switchboard.command;

import org.jspecify.annotations.NullMarked;
