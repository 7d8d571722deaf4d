/**
 * The values everything else talks about: names, publications, positions and clients.
 *
 * <p>Imports nothing of ours. Start reading at {@link io.switchboard.channel.Publication}.
 */
@NullMarked
package io.switchboard.channel;

import org.jspecify.annotations.NullMarked;
