@NullMarked
package io.switchboard.protocol;

import org.jspecify.annotations.NullMarked;
