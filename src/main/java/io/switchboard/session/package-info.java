/**
 * A client's session, from the welcome to the last frame: what it sends is queued here, what it
 * says is handed to an {@link io.switchboard.session.Inbound}.
 *
 * <p>May import {@code protocol}, {@code auth}, {@code channel}, {@code concurrent}. Knows no
 * container: a connection is a {@link io.switchboard.session.Transport}. Start reading at {@link
 * io.switchboard.session.ClientSession}.
 */
@NullMarked
package io.switchboard.session;

import org.jspecify.annotations.NullMarked;
