package io.switchboard.session;

import io.switchboard.protocol.Frame;
import io.switchboard.protocol.Refusal;
import java.util.Optional;

/**
 * The answer to one command.
 *
 * @param refusal why the command was refused, if it was
 */
public record Answer(Frame frame, Optional<Refusal> refusal) {}
