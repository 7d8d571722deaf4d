/**
 * The server API: what applications and operators ask over HTTP, with an API key.
 *
 * <p>May import {@code admission}, {@code hub}, {@code session}, {@code engine}, {@code auth},
 * {@code protocol}, {@code channel}, {@code http}. Start reading at {@link
 * io.switchboard.api.ApiServlet}; the contract is {@code openapi.yaml} among the resources.
 */
@NullMarked
package io.switchboard.api;

import org.jspecify.annotations.NullMarked;
