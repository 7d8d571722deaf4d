/**
 * The wire suite: what a peer sees of Switchboard, byte by byte, on every container.
 *
 * <p>Everything here is written against the protocol page and speaks to the built WAR over TCP; it
 * knows nothing of the server's classes. Start reading at {@link io.switchboard.wire.WireTest},
 * then {@link io.switchboard.wire.Handshake}, {@link io.switchboard.wire.Frame} and {@link
 * io.switchboard.wire.ChatClient}. The examples in {@code src/test/resources/wire} are shared with
 * the tests of the page.
 */
@NullMarked
package io.switchboard.wire;

import org.jspecify.annotations.NullMarked;
