/** Time, threads and connections that tests own. */
@NullMarked
package io.switchboard.testing;

import org.jspecify.annotations.NullMarked;
