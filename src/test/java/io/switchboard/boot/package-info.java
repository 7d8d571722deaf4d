@NullMarked
package io.switchboard.boot;

import org.jspecify.annotations.NullMarked;
