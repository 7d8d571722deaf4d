/**
 * The server API: what applications and operators ask over HTTP, with an API key.
 *
 * <p>May import {@code hub}, {@code auth}, {@code channel}, {@code protocol}, {@code http}.
 */
@NullMarked
package io.switchboard.api;

import org.jspecify.annotations.NullMarked;
