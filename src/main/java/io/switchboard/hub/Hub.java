package io.switchboard.hub;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.ClientInfo;
import io.switchboard.channel.Payload;
import io.switchboard.channel.Publication;
import io.switchboard.engine.Broker;
import io.switchboard.engine.Broker.Published;
import io.switchboard.protocol.Push;
import io.switchboard.session.ClientSession;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where publications come in and go out to the sessions of this node.
 *
 * <p>Safe for use by many threads; no method waits. Injectable by CDI: {@code hub.publish(...)} is
 * server push.
 */
public final class Hub {
  private static final Logger LOG = System.getLogger(Hub.class.getName());

  /** So many publications may wait to be told on one channel before more are refused. */
  private static final int MAX_BACKLOG = 10_000;

  /**
   * How to subscribe.
   *
   * @param announce whether others on the channel are told who comes and goes
   * @param last how many past publications to read
   */
  public record Terms(boolean announce, int last) {}

  private final Broker broker;
  private final Executor workers;
  private final Clock clock;
  private final Map<ChannelName, LocalChannel> channels = new ConcurrentHashMap<>();

  /** Makes a hub that hears of {@code broker}'s publications from now on. */
  public Hub(Broker broker, Executor workers, Clock clock) {
    this.broker = broker;
    this.workers = workers;
    this.clock = clock;
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
    LocalChannel local = channels.get(channel);
    if (local != null && local.lane().pending() > MAX_BACKLOG) {
      return CompletableFuture.failedStage(
          new RejectedExecutionException("too much waits to be told on " + channel));
    }
    return broker.publish(channel, new Broker.Request(publisher, data, null, ephemeral));
  }

  /**
   * Lets {@code session} listen on {@code channel}, on which it must have been {@linkplain
   * ClientSession#join put} before.
   *
   * <p>The order is: the session is announced, history is read and told, then comes what happened
   * meanwhile, then all that is new: nothing twice and nothing left out.
   *
   * @param tell tells the session its history; called once, unless it left or the engine failed
   * @param failed called when the history could not be read; the session then listens no more
   */
  public void subscribe(
      ClientSession session,
      ChannelName channel,
      Terms terms,
      Consumer<List<Publication>> tell,
      Consumer<Throwable> failed) {
    Subscription subscription = new Subscription(session, session.info(channel), terms.announce());
    LocalChannel local =
        channels.compute(
            channel,
            (name, existing) -> {
              LocalChannel found = existing == null ? new LocalChannel(name, workers) : existing;
              found.references++;
              return found;
            });
    // Both are queued here and in this order, so that whatever the caller publishes next is neither
    // missed nor taken for history.
    local.lane().execute(() -> arrive(local, subscription));
    read(local, subscription, terms, tell, failed);
    if (session.settle(channel)) {
      unsubscribe(session, channel);
    }
  }

  private void arrive(LocalChannel local, Subscription subscription) {
    ClientSession session = subscription.session;
    if (subscription.announced) {
      Push joined = new Push.Joined(local.name(), subscription.member, now());
      if (!local.hasUser(subscription.member.user())) {
        local.tell(joined);
      }
      session.send(session.codec().encode(joined));
    }
    local.add(subscription);
  }

  private void read(
      LocalChannel local,
      Subscription subscription,
      Terms terms,
      Consumer<List<Publication>> tell,
      Consumer<Throwable> failed) {
    broker
        .history(local.name(), new Broker.Query(null, terms.last(), true))
        .whenCompleteAsync(
            (history, error) -> {
              if (!local.has(subscription)) {
                return; // it left meanwhile
              }
              if (error == null) {
                tell.accept(oldestFirst(history.publications()));
                local.goLive(subscription, history);
              } else if (subscription.session.leave(local.name())) {
                LOG.log(
                    Level.ERROR, () -> "history of " + local.name() + " is out of reach", error);
                unsubscribe(subscription.session, local.name());
                failed.accept(error);
              }
            },
            local.lane());
  }

  private static List<Publication> oldestFirst(List<Publication> newestFirst) {
    List<Publication> publications = new ArrayList<>(newestFirst);
    Collections.reverse(publications);
    return publications;
  }

  /**
   * Lets {@code session} listen no more, after it was {@linkplain ClientSession#leave taken off}.
   */
  public void unsubscribe(ClientSession session, ChannelName channel) {
    LocalChannel local = channels.get(channel);
    if (local == null) {
      throw new IllegalStateException("nobody is on " + channel);
    }
    local
        .lane()
        .execute(
            () -> {
              Subscription gone = local.remove(session);
              ClientInfo member = gone.member;
              if (gone.announced) {
                Push left = new Push.Left(channel, member, now());
                if (!local.hasUser(member.user())) {
                  local.tell(left);
                }
                session.send(session.codec().encode(left));
              }
              channels.computeIfPresent(
                  channel, (name, existing) -> --existing.references == 0 ? null : existing);
            });
  }

  /**
   * Tells {@code answer} who is on {@code channel}; one entry for each user. It is called on a
   * worker, so that a long answer holds up nobody on the channel.
   */
  public void members(ChannelName channel, Consumer<List<ClientInfo>> answer) {
    LocalChannel local = channels.get(channel);
    if (local == null) {
      answer.accept(List.of());
    } else {
      local
          .lane()
          .execute(
              () -> {
                List<ClientInfo> members = local.members();
                workers.execute(() -> answer.accept(members));
              });
    }
  }

  /** Returns how many channels have somebody listening on this node. */
  public int channelCount() {
    return channels.size();
  }

  private void published(ChannelName channel, Publication publication) {
    LocalChannel local = channels.get(channel);
    if (local != null) {
      Push push = new Push.Published(channel, publication);
      local.lane().execute(() -> local.tell(push));
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
