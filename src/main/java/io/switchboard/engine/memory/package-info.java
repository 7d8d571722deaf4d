/** The engine that keeps everything in this process and forgets it when the process ends. */
@NullMarked
package io.switchboard.engine.memory;

import org.jspecify.annotations.NullMarked;
