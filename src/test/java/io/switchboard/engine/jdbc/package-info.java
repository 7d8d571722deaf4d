@NullMarked
package io.switchboard.engine.jdbc;

import org.jspecify.annotations.NullMarked;
