/**
 * Order without locks: tasks one after another, on whatever threads there are.
 *
 * <p>Imports nothing of ours.
 */
@NullMarked
package io.switchboard.concurrent;

import org.jspecify.annotations.NullMarked;
