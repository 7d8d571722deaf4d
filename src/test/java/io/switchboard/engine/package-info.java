@NullMarked
package io.switchboard.engine;

import org.jspecify.annotations.NullMarked;
