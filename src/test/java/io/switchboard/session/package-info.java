@NullMarked
package io.switchboard.session;

import org.jspecify.annotations.NullMarked;
