package io.switchboard.hub;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.ClientInfo;
import io.switchboard.channel.Journey;
import io.switchboard.channel.Member;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Payload;
import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import io.switchboard.engine.Availability;
import io.switchboard.engine.Broker;
import io.switchboard.engine.Broker.Published;
import io.switchboard.engine.Broker.Recovery;
import io.switchboard.engine.PresenceStore;
import io.switchboard.event.Events;
import io.switchboard.event.PublicationAccepted;
import io.switchboard.event.Subscribed;
import io.switchboard.event.Unsubscribed;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Push;
import io.switchboard.protocol.SubscriptionStart;
import io.switchboard.session.ClientSession;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where publications come in and go out to the sessions of this node.
 *
 * <p>Safe for use by many threads; no method waits. Injectable by CDI: {@code hub.publish(...)} is
 * server push.
 */
public final class Hub {
  private static final Logger LOG = System.getLogger(Hub.class.getName());

  /** So many publications are recovered at most. */
  private static final int MAX_RECOVERED = 256;

  /** So many publications may wait to be told on one channel before more are refused. */
  private static final int MAX_BACKLOG = 10_000;

  /** What a subscriber is told of others that come and go. */
  public enum Presence {
    /** Nothing. */
    NONE,
    /** Nothing of others, but that itself has come and gone. */
    OWN,
    /** Users: the first session that comes and the last that goes, and always its own. */
    USERS,
    /** Every session but its own. */
    SESSIONS;

    /** Returns whether a subscriber is told of itself. */
    boolean tellsOwn() {
      return this == OWN || this == USERS;
    }
  }

  /**
   * How to subscribe.
   *
   * @param namespace what holds for the channel
   * @param announced whether others on the channel may know of it
   * @param presence what to be told of others
   * @param last how many past publications to read; without meaning where {@code since} is given
   * @param since what was seen last; absent to recover nothing
   * @param maxBytes how much the first answer may recover; the rest follows from the log
   */
  public record Terms(
      Namespace namespace,
      boolean announced,
      Presence presence,
      int last,
      @Nullable StreamPosition since,
      int maxBytes) {}

  /** Hears how a subscription begins and that it has ended; called on the channel's lane. */
  public interface Beginning {
    /**
     * It begins. Nothing that happens on the channel is told to the session before {@code goLive}
     * has been called.
     */
    void began(SubscriptionStart start, Runnable goLive);

    /** It does not: the engine could not be asked. The session listens no more. */
    void failed();

    /** The session listens no more, be it that it has begun before or not. */
    default void left() {}
  }

  private final Broker broker;
  private final Executor workers;
  private final Attendance attendance;
  private final Events events;
  private final Watchers watchers;
  private final LongSupplier nanos;
  private final Map<ChannelName, LocalChannel> channels = new ConcurrentHashMap<>();

  /**
   * The time a hub lives in.
   *
   * @param grace how long to wait for those whose connection was cut off, before others are told
   *     that they left; 0 for not at all
   */
  public record Times(Clock clock, LongSupplier nanos, Duration grace) {}

  /** Who measures and follows what a hub does. */
  public record Watchers(HubMeter meter, Tracing tracing) {
    /** Nobody. */
    public static final Watchers NONE = new Watchers(HubMeter.NONE, Tracing.OFF);
  }

  /** Makes a hub that nobody watches. */
  public Hub(Broker broker, PresenceStore presence, Events events, Executor workers, Times times) {
    this(broker, presence, events, workers, times, Watchers.NONE);
  }

  /**
   * Makes a hub that hears of {@code broker}'s publications from now on.
   *
   * @param events is told who comes and goes and what is published
   */
  public Hub(
      Broker broker,
      PresenceStore presence,
      Events events,
      Executor workers,
      Times times,
      Watchers watchers) {
    this.broker = broker;
    this.workers = workers;
    this.attendance = new Attendance(presence, times);
    this.events = events;
    this.watchers = watchers;
    this.nanos = times.nanos();
    broker.listen(
        new Broker.Listener() {
          @Override
          public void published(ChannelName channel, Publication publication) {
            Hub.this.published(channel, publication);
          }

          @Override
          public boolean isListening(ChannelName channel) {
            return channels.containsKey(channel);
          }
        });
  }

  /**
   * Publishes to everybody who listens on {@code channel}, on any node.
   *
   * @param publisher who speaks; absent for the server itself
   * @param ephemeral deliver it to who listens now, and never store it
   * @return completes when the publication is as safe as the engine makes it; exceptionally, with a
   *     {@link RejectedExecutionException} where this node is too far behind to take more, or with
   *     another exception where the engine is broken
   * @throws IllegalArgumentException if no namespace of that name is known
   */
  public CompletionStage<Published> publish(
      ChannelName channel, @Nullable ClientInfo publisher, Payload data, boolean ephemeral) {
    return publish(channel, new Broker.Request(publisher, data, null, ephemeral));
  }

  /** As above, with everything that can be asked of a publication. */
  public CompletionStage<Published> publish(ChannelName channel, Broker.Request request) {
    LocalChannel local = channels.get(channel);
    if (local != null && local.lane().untold() > MAX_BACKLOG) {
      watchers.meter().refused();
      return CompletableFuture.failedStage(
          new RejectedExecutionException("too much waits to be told on " + channel));
    }
    CompletionStage<Published> result = followed(channel, request);
    if (!events.isHeard(PublicationAccepted.class)) {
      return result;
    }
    return result.thenApply(
        published -> {
          accepted(channel, request, published);
          return published;
        });
  }

  /** Publishes, with a note of when that was and of the trace it belongs to. */
  private CompletionStage<Published> followed(ChannelName channel, Broker.Request request) {
    long now = nanos.getAsLong();
    Journey asked = request.journey();
    Tracing.Publishing publishing =
        watchers.tracing().publishing(channel, asked == null ? null : asked.trace());
    Broker.Request onItsWay = request.on(new Journey(now, publishing.trace()));
    if (publishing.trace() == null) {
      return broker.publish(channel, onItsWay);
    }
    try {
      return broker
          .publish(channel, onItsWay)
          .whenComplete((published, error) -> publishing.ended(error));
    } catch (RuntimeException e) {
      publishing.ended(e);
      throw e;
    }
  }

  private void accepted(ChannelName channel, Broker.Request request, Published published) {
    if (!published.duplicate()) {
      Publication publication =
          new Publication(
              published.position().offset(),
              published.at(),
              request.publisher(),
              request.data(),
              request.key());
      events.happened(new PublicationAccepted(channel, published.position(), publication));
    }
  }

  /**
   * Lets {@code session} listen on {@code channel}, on which it must have been {@linkplain
   * ClientSession#join put} before.
   *
   * <p>The order is: others are told that it came, its beginning is told to {@code beginning}, then
   * comes what happened meanwhile, then all that is new: nothing twice and nothing left out.
   *
   * @param beginning hears how it begins, or that the session left before
   */
  public void subscribe(
      ClientSession session, ChannelName channel, Terms terms, Beginning beginning) {
    LocalChannel local =
        channels.compute(
            channel,
            (name, existing) -> {
              LocalChannel found = existing == null ? local(name) : existing;
              found.references++;
              return found;
            });
    Subscription subscription =
        new Subscription(
            session,
            new Member(session.info(channel), attendance.now()),
            terms,
            beginning,
            new Around(local));
    // Both are queued here and in this order, so that whatever the caller publishes next is neither
    // missed nor taken for history.
    local.lane().execute(() -> arrive(local, subscription));
    if (session.settle(channel)) {
      unsubscribe(session, channel);
      return;
    }
    read(channel, terms)
        .whenCompleteAsync(
            (recovery, error) -> begin(local, subscription, recovery, error), local.lane());
  }

  private LocalChannel local(ChannelName name) {
    return new LocalChannel(name, workers, watchers.tracing());
  }

  private void arrive(LocalChannel local, Subscription subscription) {
    if (local.has(subscription.session)) {
      // Another thread took it off, and comes behind this one with saying so.
      depart(local, subscription.session, false);
      local.departedEarly(subscription.session);
    }
    if (events.isHeard(Subscribed.class)) {
      events.happened(
          new Subscribed(
              subscription.session.id(),
              subscription.user(),
              local.name(),
              subscription.member.at()));
    }
    if (attendance.arrive(local, subscription)) {
      release(local, 0, 1);
    }
  }

  /** What a subscription needs to know of its channel. */
  private final class Around implements Subscription.Surroundings {
    private final LocalChannel local;

    Around(LocalChannel local) {
      this.local = local;
    }

    @Override
    public ChannelName channel() {
      return local.name();
    }

    @Override
    public Broker broker() {
      return broker;
    }

    @Override
    public HubMeter meter() {
      return watchers.meter();
    }

    @Override
    public Executor lane() {
      return local.lane();
    }

    @Override
    public Executor workers() {
      return workers;
    }

    @Override
    public boolean has(Subscription subscription) {
      return local.has(subscription);
    }

    @Override
    public void lost(Subscription subscription, Throwable error) {
      LOG.log(Level.ERROR, () -> "the log of " + local.name() + " is out of reach", error);
      ClientSession session = subscription.session;
      if (session.leave(local.name())) {
        unsubscribe(
            session,
            local.name(),
            () ->
                session.send(
                    session
                        .codec()
                        .encode(
                            new Push.Unsubscribed(
                                local.name(),
                                ErrorCode.UNAVAILABLE,
                                "its history is out of reach",
                                true))));
      }
    }
  }

  private CompletionStage<Recovery> read(ChannelName channel, Terms terms) {
    StreamPosition since = terms.since();
    if (since != null) {
      return broker
          .recover(channel, since, MAX_RECOVERED)
          .thenApply(recovery -> within(recovery, terms.maxBytes()));
    }
    int more = terms.presence().tellsOwn() ? Replay.BETWEEN : 0;
    return broker
        .history(channel, new Broker.Query(null, terms.last() + more, true))
        .thenApply(
            history -> new Recovery(history.top(), false, oldestFirst(history.publications())));
  }

  /** What fits into one answer; the rest follows from the log. */
  private static Recovery within(Recovery recovery, int maxBytes) {
    long bytes = 0;
    int count = 0;
    for (Publication publication : recovery.publications()) {
      bytes += publication.data().jsonSize();
      if (bytes > maxBytes) {
        break;
      }
      count++;
    }
    return new Recovery(
        recovery.top(), recovery.recovered(), recovery.publications().subList(0, count));
  }

  private void begin(
      LocalChannel local,
      Subscription subscription,
      @Nullable Recovery recovery,
      @Nullable Throwable error) {
    if (!local.has(subscription)) {
      return; // it left meanwhile
    }
    if (recovery == null) {
      if (!Availability.isRefusal(error)) {
        LOG.log(Level.ERROR, () -> "history of " + local.name() + " is out of reach", error);
      }
      if (subscription.session.leave(local.name())) {
        unsubscribe(subscription.session, local.name());
        subscription.beginning.failed();
      }
      return;
    }
    if (subscription.terms.presence() != Presence.SESSIONS) {
      start(local, subscription, recovery, null);
      return;
    }
    attendance
        .members(local.name())
        .whenCompleteAsync(
            (members, failure) -> {
              if (failure != null) {
                LOG.log(Level.ERROR, () -> "who is on " + local.name() + " is not known", failure);
              }
              if (local.has(subscription)) {
                start(local, subscription, recovery, members);
              }
            },
            local.lane());
  }

  private static void start(
      LocalChannel local,
      Subscription subscription,
      Recovery recovery,
      @Nullable List<Member> members) {
    Terms terms = subscription.terms;
    StreamPosition top = recovery.top();
    List<Publication> told = recovery.publications();
    if (terms.presence().tellsOwn()) {
      Replay replay =
          Replay.of(top, told, terms.last(), subscription.member.at(), subscription.firstHeard());
      told = replay.shown();
      subscription.begin(replay.position());
    } else {
      subscription.begin(toldUntil(terms, recovery));
    }
    subscription.beginning.began(
        new SubscriptionStart(
            local.name(),
            recovery.top(),
            terms.since() == null ? null : recovery.recovered(),
            told,
            members,
            OptionalLong.empty()),
        () ->
            local
                .lane()
                .execute(
                    () -> {
                      if (local.has(subscription)) {
                        subscription.goLive(top.offset());
                      }
                    }));
  }

  /** Returns the position after which the client must be told more. */
  private static StreamPosition toldUntil(Terms terms, Recovery recovery) {
    StreamPosition since = terms.since();
    if (since == null || !recovery.recovered()) {
      return recovery.top();
    }
    List<Publication> told = recovery.publications();
    return told.isEmpty()
        ? since
        : new StreamPosition(since.epoch(), told.get(told.size() - 1).offset());
  }

  private static List<Publication> oldestFirst(List<Publication> newestFirst) {
    List<Publication> publications = new ArrayList<>(newestFirst);
    Collections.reverse(publications);
    return publications;
  }

  /**
   * Lets {@code session} listen no more, after it was {@linkplain ClientSession#leave taken off}.
   * If it {@linkplain ClientSession#isExpectedBack is expected back}, others are told that it left
   * only when it has not come back in time.
   */
  public void unsubscribe(ClientSession session, ChannelName channel) {
    unsubscribe(session, channel, () -> {});
  }

  /** As above; {@code done} runs behind the last thing that the session was told. */
  public void unsubscribe(ClientSession session, ChannelName channel, Runnable done) {
    LocalChannel local = channels.get(channel);
    if (local == null) {
      throw new IllegalStateException("nobody is on " + channel);
    }
    boolean expectedBack = session.isExpectedBack();
    local
        .lane()
        .execute(
            () -> {
              if (!local.hasDepartedEarly(session)) {
                depart(local, session, expectedBack);
              }
              done.run();
            });
  }

  private void depart(LocalChannel local, ClientSession session, boolean expectedBack) {
    if (events.isHeard(Unsubscribed.class)) {
      events.happened(
          new Unsubscribed(session.id(), session.info().user(), local.name(), attendance.now()));
    }
    boolean gone = attendance.depart(local, session, expectedBack);
    release(local, 1, gone ? 0 : -1);
  }

  /** Counts subscriptions and those who are expected back down, which may end the channel. */
  private void release(LocalChannel local, int references, int expected) {
    channels.computeIfPresent(
        local.name(),
        (name, existing) -> {
          existing.references -= references;
          existing.expected -= expected;
          return existing.references + existing.expected == 0 ? null : existing;
        });
  }

  /** Takes leave of those who did not come back in time; to be called about once a second. */
  public void beat() {
    for (LocalChannel local : attendance.waiting()) {
      local.lane().execute(() -> release(local, 0, attendance.overdue(local)));
    }
  }

  /**
   * Reads what the namespace of {@code channel} still keeps.
   *
   * @throws IllegalArgumentException if no namespace of that name is known
   */
  public CompletionStage<Broker.History> history(ChannelName channel, Broker.Query query) {
    return broker.history(channel, query);
  }

  /**
   * Forgets what {@code channel} has kept.
   *
   * @throws IllegalArgumentException if no namespace of that name is known
   */
  public CompletionStage<Void> clear(ChannelName channel) {
    return broker.clear(channel);
  }

  /**
   * Returns who is on {@code channel}, session by session. The stage completes on a worker, so that
   * a long answer holds up nobody on the channel; exceptionally where the engine cannot be reached.
   */
  public CompletionStage<List<Member>> members(ChannelName channel) {
    LocalChannel local = channels.get(channel);
    CompletionStage<List<Member>> members =
        local == null
            ? attendance.members(channel)
            : CompletableFuture.supplyAsync(() -> channel, local.lane())
                .thenCompose(attendance::members);
    return members.thenApplyAsync(all -> all, workers);
  }

  /**
   * Returns channels with somebody listening on this node, in the order of their names.
   *
   * @param after where to begin, exclusive; empty for the first
   * @param part what their names hold; empty for any
   * @param limit how many at most
   */
  public List<ChannelName> channels(String after, String part, int limit) {
    return channels.keySet().stream()
        .filter(channel -> channel.value().compareTo(after) > 0 && channel.value().contains(part))
        .sorted(Comparator.comparing(ChannelName::value))
        .limit(limit)
        .toList();
  }

  /**
   * Returns how far {@code session} is on each of its channels; the stage completes on a worker.
   */
  public CompletionStage<List<Standing>> standings(ClientSession session) {
    List<CompletableFuture<Optional<Standing>>> asked =
        session.channels().stream()
            .map(channels::get)
            .filter(Objects::nonNull)
            .map(
                local -> CompletableFuture.supplyAsync(() -> local.standing(session), local.lane()))
            .toList();
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenApplyAsync(
            all -> asked.stream().flatMap(standing -> standing.join().stream()).toList(), workers);
  }

  /** Returns how many sessions of this node listen on {@code channel}. */
  public int subscribers(ChannelName channel) {
    AtomicInteger count = new AtomicInteger();
    channels.computeIfPresent(
        channel,
        (name, local) -> {
          count.set(local.references);
          return local;
        });
    return count.get();
  }

  /** Returns how many channels have somebody listening on this node. */
  public int channelCount() {
    return channels.size();
  }

  private void published(ChannelName channel, Publication publication) {
    LocalChannel local = channels.get(channel);
    if (local != null) {
      local.lane().published(new Push.Published(channel, publication));
    }
  }
}
