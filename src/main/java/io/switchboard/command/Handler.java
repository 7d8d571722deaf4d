package io.switchboard.command;

import io.switchboard.session.ClientSession;

/** Carries out one kind of command. Called on a container's thread; must not block. */
@FunctionalInterface
interface Handler<C> {
  void handle(ClientSession session, C command);
}
