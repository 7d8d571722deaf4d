@NullMarked
package io.switchboard.ops.metrics;

import org.jspecify.annotations.NullMarked;
