@NullMarked
package io.switchboard.auth;

import org.jspecify.annotations.NullMarked;
