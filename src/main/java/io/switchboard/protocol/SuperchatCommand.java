package io.switchboard.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A command of {@code superchat}: so far no more than its id, because none is answered yet.
 *
 * @param id what the answer repeats, if it could be read
 */
public record SuperchatCommand(@Nullable Long id) implements Input {}
