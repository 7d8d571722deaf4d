/** The carriers of sessions, one package each, which know nothing of each other. */
@NullMarked
package io.switchboard.transport;

import org.jspecify.annotations.NullMarked;
