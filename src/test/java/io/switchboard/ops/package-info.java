@NullMarked
package io.switchboard.ops;

import org.jspecify.annotations.NullMarked;
