@NullMarked
package io.switchboard.auth.jwt;

import org.jspecify.annotations.NullMarked;
