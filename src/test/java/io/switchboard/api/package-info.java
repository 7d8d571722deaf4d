@NullMarked
package io.switchboard.api;

import org.jspecify.annotations.NullMarked;
