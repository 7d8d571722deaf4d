package io.switchboard.command;

import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import io.switchboard.engine.Broker;
import io.switchboard.engine.Broker.Query;
import io.switchboard.hub.Hub;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.SuperchatCodec;
import io.switchboard.protocol.SuperchatCommand.History;
import io.switchboard.session.ClientSession;
import java.util.List;
import java.util.Optional;

/** Reads a piece of a log for a session that may listen to it. */
final class HistoryHandler implements Handler<History> {
  /** One answer takes so small a part of the queue, since several may be under way. */
  private static final int PART = 8;

  private final Hub hub;
  private final Permissions permissions;
  private final SuperchatCodec codec;

  HistoryHandler(Hub hub, Permissions permissions, SuperchatCodec codec) {
    this.hub = hub;
    this.permissions = permissions;
    this.codec = codec;
  }

  @Override
  public void handle(ClientSession session, History history) {
    Optional<Refusal> forbidden =
        Refusals.of(permissions.decide(session, Action.HISTORY, history.channel()), "channel");
    if (forbidden.isPresent()) {
      Refusals.refuse(session, history.id(), forbidden.get());
      return;
    }
    hub.history(history.channel(), new Query(history.since(), history.limit(), history.reverse()))
        .whenComplete(
            (piece, error) -> {
              if (error == null && isOfAnotherLog(history, piece)) {
                Refusals.refuse(
                    session,
                    history.id(),
                    new Refusal(
                        ErrorCode.UNRECOVERABLE_POSITION,
                        "since: the log was begun anew, its epoch is " + piece.top().epoch()));
              } else if (error == null) {
                answer(session, history, piece);
              } else {
                Refusals.unavailable(session, history.id(), "channel: it is out of reach", error);
              }
            });
  }

  /** Answers when there is room; what was read is read again then, rather than kept. */
  private void answer(ClientSession session, History history, Broker.History piece) {
    int max = session.settings().queueBytes() / PART;
    if (session.queuedBytes() > max && !session.answersApart(history.id())) {
      session.whenDrained(() -> handle(session, history));
      return;
    }
    session.answer(
        history.id(),
        codec.history(
            history.id(), history.channel(), piece.top(), fitting(piece.publications(), max)));
  }

  private static boolean isOfAnotherLog(History asked, Broker.History piece) {
    StreamPosition since = asked.since();
    return since != null && !since.epoch().equals(piece.top().epoch());
  }

  /** Returns the first of {@code publications} that fit; a client asks on from the last one. */
  private static List<Publication> fitting(List<Publication> publications, int maxBytes) {
    long bytes = 0;
    int count = 0;
    while (count < publications.size() && bytes <= maxBytes) {
      bytes += publications.get(count++).data().jsonSize();
    }
    return publications.subList(0, bytes <= maxBytes ? count : Math.max(1, count - 1));
  }
}
