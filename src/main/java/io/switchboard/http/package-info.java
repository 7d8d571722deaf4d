/** What the servlets and filters of all packages share. Imports nothing of ours. */
@NullMarked
package io.switchboard.http;

import org.jspecify.annotations.NullMarked;
