/**
 * What goes over the wire: commands, messages, errors and close codes, and the codec of each
 * subprotocol that turns them into JSON and back.
 *
 * <p>May import {@code channel}. Knows neither containers nor CDI. Start reading at {@link
 * io.switchboard.protocol.Codec}; the contract is {@code src/docs/protocol.md}.
 */
@NullMarked
package io.switchboard.protocol;

import org.jspecify.annotations.NullMarked;
