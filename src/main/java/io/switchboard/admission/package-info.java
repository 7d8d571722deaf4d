/**
 * Who is let in, whatever carries them: origins, credentials, how often an address may knock, and
 * whether there is room.
 *
 * <p>May import {@code session}, {@code auth}, {@code channel}, {@code http}. Start reading at
 * {@link io.switchboard.admission.Gatekeeper}.
 */
@NullMarked
package io.switchboard.admission;

import org.jspecify.annotations.NullMarked;
