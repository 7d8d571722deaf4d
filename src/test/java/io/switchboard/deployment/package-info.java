/** The examples of {@code src/docs} that others run, held to their schemas and to the code. */
@NullMarked
package io.switchboard.deployment;

import org.jspecify.annotations.NullMarked;
