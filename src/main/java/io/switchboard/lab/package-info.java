/**
 * The server's side of the page {@code lab.html}: streams of numbered publications for it to
 * compare transports by, and a count of every byte and all the time these cost.
 *
 * <p>May import {@code hub}, {@code session}, {@code engine}, {@code auth}, {@code protocol},
 * {@code channel}, {@code http}. While no stream runs nothing is counted, and nothing costs more
 * than a look at a volatile field. Start reading at {@link io.switchboard.lab.Lab}.
 */
@NullMarked
package io.switchboard.lab;

import org.jspecify.annotations.NullMarked;
