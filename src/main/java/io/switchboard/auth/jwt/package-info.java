/**
 * Tokens that are JSON Web Tokens (RFC 7519), checked as RFC 8725 advises: algorithms are pinned by
 * settings, never chosen by the token. The only package that knows Nimbus.
 *
 * <p>May import {@code auth}, {@code channel}. Start reading at {@link
 * io.switchboard.auth.jwt.JwtTokens}.
 */
@NullMarked
package io.switchboard.auth.jwt;

import org.jspecify.annotations.NullMarked;
