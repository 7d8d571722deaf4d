@NullMarked
package io.switchboard.channel;

import org.jspecify.annotations.NullMarked;
