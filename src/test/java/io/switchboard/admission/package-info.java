@NullMarked
package io.switchboard.admission;

import org.jspecify.annotations.NullMarked;
