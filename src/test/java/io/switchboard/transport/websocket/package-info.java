@NullMarked
package io.switchboard.transport.websocket;

import org.jspecify.annotations.NullMarked;
