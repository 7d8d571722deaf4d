@NullMarked
package io.switchboard.lab;

import org.jspecify.annotations.NullMarked;
