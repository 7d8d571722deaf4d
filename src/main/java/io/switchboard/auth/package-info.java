/**
 * Who may do what: origins, identities, and what a namespace permits.
 *
 * <p>May import {@code channel}.
 */
@NullMarked
package io.switchboard.auth;

import org.jspecify.annotations.NullMarked;
