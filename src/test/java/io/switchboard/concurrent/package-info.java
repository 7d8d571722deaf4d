@NullMarked
package io.switchboard.concurrent;

import org.jspecify.annotations.NullMarked;
