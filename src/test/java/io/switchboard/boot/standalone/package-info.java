/** The launcher: its parts by themselves, and the built WAR as a process. */
@NullMarked
package io.switchboard.boot.standalone;

import org.jspecify.annotations.NullMarked;
