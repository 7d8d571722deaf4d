@NullMarked
package io.switchboard.hub;

import org.jspecify.annotations.NullMarked;
