@NullMarked
package io.switchboard.ops.trace;

import org.jspecify.annotations.NullMarked;
