package io.switchboard.hub;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Member;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import io.switchboard.engine.Broker;
import io.switchboard.engine.Broker.History;
import io.switchboard.protocol.Codec;
import io.switchboard.protocol.Frame;
import io.switchboard.protocol.Push;
import io.switchboard.session.ClientSession;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A session on a channel, and how far it has been told.
 *
 * <p>It is <em>beginning</em> until its client was told where it begins, then <em>live</em>: what
 * is published goes straight into the session's queue. If the queue is full, or an offset is
 * missing, it falls <em>behind</em>: it takes nothing more, and whenever its queue has room again
 * it is given the next page of the log, until it is live again. Where there is no log it is told
 * what {@link Missed} has kept.
 *
 * <p>Touched by the channel's lane only.
 */
final class Subscription {
  /** What a subscription needs of its channel and its node. */
  interface Surroundings {
    ChannelName channel();

    Broker broker();

    HubMeter meter();

    /** The channel's lane. */
    Executor lane();

    /** Threads for what may take long. */
    Executor workers();

    /** Returns whether {@code subscription} is still on the channel. */
    boolean has(Subscription subscription);

    /** Ends {@code subscription}: the log that it was following is out of reach. */
    void lost(Subscription subscription, Throwable error);
  }

  /** So many things that happen while a page is read are kept; if there are more, so be it. */
  private static final int MAX_HELD = 256;

  /** What a page should hold, judged by the one before. */
  private static final int PAGE_BYTES = 64 * 1024;

  private static final int FIRST_PAGE = 16;
  private static final int MAX_PAGE = 1_000;

  final ClientSession session;
  final Member member;
  final Hub.Terms terms;
  final Hub.Beginning beginning;
  private final Surroundings surroundings;

  /** What happens while something is read; absent when nothing is, or when it became too much. */
  private @Nullable List<Push> held = new ArrayList<>();

  /** What was not told since it fell behind; absent while it is not behind. */
  private @Nullable Missed missed;

  /** Whether its session was told that this one is being caught up. */
  private boolean behind;

  /** The log it follows and the last offset it was told, once it has begun. */
  private StreamPosition position = new StreamPosition("", 0);

  private int page = FIRST_PAGE;

  /** Held while one push of a page is queued, which happens outside the lane. */
  private final Object gate = new Object();

  /** Whether the session listens no more. Guarded by the gate. */
  private boolean over;

  Subscription(
      ClientSession session,
      Member member,
      Hub.Terms terms,
      Hub.Beginning beginning,
      Surroundings surroundings) {
    this.session = session;
    this.member = member;
    this.terms = terms;
    this.beginning = beginning;
    this.surroundings = surroundings;
  }

  String user() {
    return member.who().user();
  }

  /** Returns the first offset that was announced since it came; 0 if none was. */
  long firstHeard() {
    if (held == null) { // it became too much; the log has it
      return missing().bottom();
    }
    return held.stream()
        .mapToLong(Subscription::offset)
        .filter(offset -> offset > 0)
        .findFirst()
        .orElse(0);
  }

  /** Returns how far it is. */
  Standing standing() {
    return new Standing(surroundings.channel(), position.offset(), missed != null);
  }

  /** Notes where it begins: what the client is told next comes after {@code from}. */
  void begin(StreamPosition from) {
    position = from;
  }

  /**
   * Goes live, after its client was told where it begins.
   *
   * @param top the last offset of the log when its beginning was read
   */
  void goLive(long top) {
    if (missed != null || position.offset() < top) {
      beBehind(); // not for being slow: its first answer did not hold all
      fallBehind(List.of());
    } else {
      release();
    }
  }

  /** Tells one thing that has no offset. */
  void tell(Push push, Function<Codec, Frame> encoded) {
    if (held != null || missed != null) {
      keep(List.of(push));
    } else if (session.offer(List.of(encoded.apply(session.codec()))) == 0) {
      fallBehind(List.of(push));
    }
  }

  /** Tells what was published. */
  void tell(Run run, Function<Codec, List<Frame>> encoded) {
    if (held != null || missed != null) {
      keep(run.pushes());
      return;
    }
    if (!run.follows(position.offset())) {
      tellOneByOne(run.pushes());
      return;
    }
    int taken = session.offer(encoded.apply(session.codec()));
    if (taken == run.pushes().size()) {
      toldUntil(run.last());
      return;
    }
    run.pushes().subList(0, taken).forEach(this::told);
    fallBehind(run.pushes().subList(taken, run.pushes().size()));
  }

  /** Tells what it does not know yet; falls behind where one is missing. */
  private void tellOneByOne(List<? extends Push> pushes) {
    for (int i = 0; i < pushes.size(); i++) {
      Push push = pushes.get(i);
      long offset = offset(push);
      if (offset != 0 && offset <= position.offset()) {
        continue;
      }
      if (offset > position.offset() + 1) {
        fallBehind(pushes.subList(i, pushes.size()));
        missing().add(new Push.Gap(surroundings.channel(), position.offset() + 1, offset - 1));
        return;
      }
      if (session.offer(List.of(session.codec().encode(push))) == 0) {
        fallBehind(pushes.subList(i, pushes.size()));
        return;
      }
      told(push);
    }
  }

  private static long offset(Push push) {
    return push instanceof Push.Published published ? published.publication().offset() : 0;
  }

  private void told(Push push) {
    toldUntil(offset(push));
  }

  private void toldUntil(long offset) {
    if (offset != 0) {
      position = new StreamPosition(position.epoch(), offset);
    }
  }

  private void keep(List<? extends Push> pushes) {
    if (held != null && held.size() + pushes.size() <= MAX_HELD) {
      held.addAll(pushes);
      return;
    }
    Missed missing = missing();
    spill(missing);
    pushes.forEach(missing::add);
  }

  private Missed missing() {
    Missed missing = missed;
    if (missing == null) {
      missing =
          new Missed(
              surroundings.channel(), terms.namespace().deliver() == Namespace.Deliver.LATEST);
      missed = missing;
    }
    return missing;
  }

  /** Keeps no longer what was held, but for what the log does not know. */
  private void spill(Missed missing) {
    if (held != null) {
      held.forEach(missing::add);
      held = null;
    }
  }

  private void beBehind() {
    behind = true;
    session.counts().behind(1);
  }

  private void caughtUp() {
    missed = null;
    if (behind) {
      behind = false;
      session.counts().behind(-1);
    }
  }

  private void fallBehind(List<? extends Push> untold) {
    if (!behind) {
      beBehind();
      surroundings.meter().fellBehind();
    }
    Missed missing = missing();
    spill(missing);
    untold.forEach(missing::add);
    whenDrained();
  }

  private void whenDrained() {
    session.whenDrained(() -> onLane(this::resume));
  }

  private void resume() {
    if (terms.namespace().historySize() > 0) {
      readPage();
    } else {
      tellMissed();
    }
  }

  /** Where there is no log: tells what is left, and goes live. */
  private void tellMissed() {
    Missed missing = missing();
    caughtUp();
    List<Push> pushes = new ArrayList<>(missing.publications());
    pushes.addAll(missing.presence());
    toldUntil(Math.max(position.offset(), missing.top()));
    offerAll(pushes);
  }

  /** Queues what has no place in the log, or comes out of turn; what does not fit is missed. */
  private void offerAll(List<Push> pushes) {
    for (int i = 0; i < pushes.size(); i++) {
      if (session.offer(List.of(session.codec().encode(pushes.get(i)))) == 0) {
        fallBehind(pushes.subList(i, pushes.size()));
        return;
      }
    }
  }

  private void readPage() {
    held = new ArrayList<>();
    StreamPosition from = position;
    surroundings
        .broker()
        .history(surroundings.channel(), new Broker.Query(from, page, false))
        .whenCompleteAsync((history, error) -> take(from, history, error), surroundings.workers());
  }

  /** Ends it: nothing is told any more, not even by a page that is being queued. */
  void end() {
    synchronized (gate) {
      over = true;
    }
    caughtUp();
    beginning.left();
  }

  /** Queues one of a page's pushes; returns whether that was possible. */
  private boolean offerOfPage(Push push) {
    Frame frame = session.codec().encode(push);
    synchronized (gate) {
      return !over && session.offer(List.of(frame)) == 1;
    }
  }

  /** Queues a page; runs on a worker, since others on the channel must not wait for that. */
  private void take(StreamPosition from, @Nullable History history, @Nullable Throwable error) {
    if (history == null || !history.top().epoch().equals(from.epoch())) {
      Throwable cause = error == null ? new IllegalStateException("the log has begun anew") : error;
      onLane(() -> surroundings.lost(this, cause));
      return;
    }
    Page taken = Page.queue(surroundings.channel(), this::offerOfPage, from.offset(), history);
    surroundings.meter().page(taken.count());
    onLane(() -> took(new StreamPosition(from.epoch(), taken.last()), taken));
  }

  private void onLane(Runnable task) {
    surroundings
        .lane()
        .execute(
            () -> {
              if (surroundings.has(this)) {
                task.run();
              }
            });
  }

  private void took(StreamPosition reached, Page taken) {
    position = reached;
    page =
        taken.bytes() == 0
            ? page
            : (int)
                Math.max(1, Math.min(MAX_PAGE, (long) PAGE_BYTES * taken.count() / taken.bytes()));
    Missed missing = missing();
    if (held == null || !taken.atTop()) {
      spill(missing);
      whenDrained();
      return;
    }
    caughtUp();
    List<Push> meanwhile = held;
    held = null;
    offerAll(missing.presence());
    if (missed == null) {
      tellOneByOne(meanwhile);
    } else {
      keep(meanwhile);
    }
  }

  /** Tells what was held, and is live. */
  private void release() {
    List<Push> meanwhile = held;
    if (meanwhile == null) {
      throw new IllegalStateException(session.id() + " is live already");
    }
    held = null;
    tellOneByOne(meanwhile);
  }

  /**
   * What came of a page.
   *
   * @param last the last offset that was queued
   * @param atTop whether the log had no more
   * @param count how many publications were queued
   * @param bytes what they carry
   */
  private record Page(long last, boolean atTop, int count, long bytes) {
    static Page queue(ChannelName channel, Predicate<Push> offer, long from, History history) {
      long last = from;
      int count = 0;
      long bytes = 0;
      for (Publication publication : history.publications()) {
        if (!tellGap(channel, offer, last, publication.offset())) {
          return new Page(last, false, count, bytes);
        }
        last = publication.offset() - 1;
        if (!offer.test(new Push.Published(channel, publication))) {
          return new Page(last, false, count, bytes);
        }
        last = publication.offset();
        count++;
        bytes += publication.data().size();
      }
      long top = history.top().offset();
      if (count == 0 && last < top) { // nothing of it is left
        if (!tellGap(channel, offer, last, top + 1)) {
          return new Page(last, false, 0, 0);
        }
        last = top;
      }
      return new Page(last, last >= top, count, bytes);
    }

    /** Says which publications between two are lost, if any; returns false if it does not fit. */
    private static boolean tellGap(
        ChannelName channel, Predicate<Push> offer, long last, long next) {
      return next == last + 1 || offer.test(new Push.Gap(channel, last + 1, next - 1));
    }
  }
}
