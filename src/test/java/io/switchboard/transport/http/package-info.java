@NullMarked
package io.switchboard.transport.http;

import org.jspecify.annotations.NullMarked;
