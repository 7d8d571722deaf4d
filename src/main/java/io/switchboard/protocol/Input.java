package io.switchboard.protocol;

/** What came of a frame of a client: a command, several, or the reason why it is none. */
public sealed interface Input permits ChatCommand, SuperchatCommand, Batch, Refusal {}
