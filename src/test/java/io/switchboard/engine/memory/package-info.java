@NullMarked
package io.switchboard.engine.memory;

import org.jspecify.annotations.NullMarked;
